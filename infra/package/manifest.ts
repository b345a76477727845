import packageJson from '../../package.json' with { type: 'json' }
import lock from '../../package-lock.json' with { type: 'json' }

/** What a lock file says of an installed package; a name where it is installed by another. */
interface Locked {
  readonly name?: string
  readonly version: string
}

/** What a project of an operator installs beside the package: `flyte-webhook init` writes them into its package.json. */
const besideIt = ['serverless', 'serverless-offline'] as const

/**
 * The package's package.json. All versions are the exact ones that this project's tests ran with: they decide what the
 * bundle of a configuration is.
 */
export const manifestOf = (imported: readonly string[]) => ({
  name: packageJson.name,
  version: packageJson.version,
  description: packageJson.description,
  license: packageJson.license,
  type: packageJson.type,
  // The first that runs the tests of managers, which are written in TypeScript, without an option.
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

/** The version of a package in the lock file, as a package.json asks for it: `4.6.7`, `npm:osls@4.3.1`. */
const locked = (name: string): string => {
  const packages: Readonly<Record<string, Locked | undefined>> = lock.packages
  const found = packages[`node_modules/${name}`]
  if (found === undefined) throw new Error(`package-lock.json has no ${name}`)
  return found.name === undefined ? found.version : `npm:${found.name}@${found.version}`
}
