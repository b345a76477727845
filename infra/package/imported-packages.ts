import { isBuiltin } from 'node:module'
import { build } from 'esbuild'

/** Returns the names of all packages that these modules of a folder import, sorted. */
export const importedPackages = async (
  folder: string,
  modules: readonly string[],
): Promise<readonly string[]> => {
  const { metafile } = await build({
    stdin: { contents: modules.map((module) => `import './${module}'`).join('\n'), resolveDir: folder },
    write: false,
    metafile: true,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  })
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
  const foreign = imports.filter(({ path, external }) => external === true && !isBuiltin(path))
  return [...new Set(foreign.map(({ path }) => packageOf(path)))].toSorted()
}

/** Returns `@scope/name` for `@scope/name/a/b`. */
const packageOf = (path: string): string =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/')
