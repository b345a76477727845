import packageJson from '../../package.json' with { type: 'json' }
import lock from '../../package-lock.json' with { type: 'json' }

/** A lock file's entry for an installed package. It has a `name` if the package is installed under another one. */
interface Locked {
  readonly name?: string
  readonly version: string
}

/** What an operator's project installs next to the package: `flyte-webhook init` writes them into its package.json. */
const besideIt = ['serverless', 'serverless-offline'] as const

/**
 * Returns the package's package.json. It pins the versions that this project's tests ran with, because they determine the
 * bundle of a configuration.
 */
export const manifestOf = (imported: readonly string[]) => ({
  name: packageJson.name,
  version: packageJson.version,
  description: packageJson.description,
  license: packageJson.license,
  type: packageJson.type,
  // The first version that runs the TypeScript tests of managers without an option.
  engines: { node: '>=22.18' },
  exports: Object.fromEntries(
    Object.entries(packageJson.exports).map(([name, file]) => [name, exportOf(file)]),
  ),
  bin: { 'flyte-webhook': 'infra/cli/package-entry.js' },
  dependencies: Object.fromEntries(imported.map((name) => [name, locked(name)])),
  devDependencies: Object.fromEntries(besideIt.map((name) => [name, locked(name)])),
})

const exportOf = (file: string): unknown =>
  file.endsWith('.ts')
    ? { types: file.replace(/\.ts$/, '.d.ts'), default: file.replace(/\.ts$/, '.js') }
    : file

/** Returns the locked version of a package, in the form of a package.json: `4.6.7`, `npm:osls@4.3.1`. */
const locked = (name: string): string => {
  const packages: Readonly<Record<string, Locked | undefined>> = lock.packages
  const found = packages[`node_modules/${name}`]
  if (found === undefined) throw new Error(`package-lock.json has no ${name}`)
  return found.name === undefined ? found.version : `npm:${found.name}@${found.version}`
}
