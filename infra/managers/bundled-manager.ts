import { findPackageJSON } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type BuildFailure, type Message, type Plugin } from 'esbuild'
import { breachesIn, importsLater, namesRequire, waitsAtTop } from './walls.ts'
import { sha256Hex } from '../../lib/digest.ts'

/** The module name of the kit in a manager's imports. */
export const kitName = 'flyte-webhook/manager'

/** A manager's own code as one ES module that imports only the kit. */
export interface ManagerCode {
  readonly code: string
  /** Its source map, as JSON. */
  readonly map: string
  /** The digest of the code, in hex. */
  readonly sha256: string
}

/** The code, or its problems. */
export type BundledManager =
  | ({ readonly kind: 'code' } & ManagerCode)
  | { readonly kind: 'problems'; readonly problems: readonly string[] }

/**
 * Bundles the manager that `from` names, a file or a package, relative to `folder`. Checks that it keeps to its walls
 * (specification §4.9): only the kit and its own files, nothing of Node, no network. Equal files give equal bytes in any folder.
 */
export const bundleManager = async (from: string, folder: string): Promise<BundledManager> => {
  try {
    const { outputFiles } = await build({
      absWorkingDir: folder,
      entryPoints: [from],
      outfile: 'manager.js',
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: 'node24',
      supported: { 'top-level-await': false },
      sourcemap: 'external',
      // Comments would contain folder names. Minified, only names that the manager does not declare itself remain.
      minifyWhitespace: true,
      minifyIdentifiers: true,
      legalComments: 'none',
      logLevel: 'silent',
      logOverride: { 'indirect-require': 'error', 'unsupported-require-call': 'error' },
      plugins: [ownFilesOnly(folder)],
    })
    const [map, code] = outputFiles.map(({ text }) => text)
    if (map === undefined || code === undefined) throw new Error(`esbuild wrote nothing for ${from}`)
    const breaches = breachesIn(code, map)
    if (breaches.length > 0)
      return { kind: 'problems', problems: breaches.map(({ where, what }) => `${where} ${what}`) }
    return { kind: 'code', code, map, sha256: sha256Hex(code) }
  } catch (error) {
    if (!isBuildFailure(error)) throw error
    return { kind: 'problems', problems: error.errors.map(sentence) }
  }
}

const ownFilesOnly = (configFolder: string): Plugin => ({
  name: 'own-files-only',
  setup: (building) => {
    let own = configFolder
    building.onResolve({ filter: /./ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
      if (pluginData === resolved) return undefined
      if (kind === 'entry-point') {
        const at = { resolveDir: configFolder, kind: 'import-statement', pluginData: resolved } as const
        const entry = await building.resolve(path, at)
        if (entry.errors.length > 0) return refusal(whyNotThere(path))
        own = ownFolder(entry.path, isPath(path) || entry.path.startsWith(join(configFolder, path)))
        return entry
      }
      if (kind === 'dynamic-import') return refusal(importsLater)
      if (path === kitName && kind === 'require-call')
        return refusal(`requires ${kitName}: it is an ES module, so import it`)
      if (path === kitName) return { path, external: true }
      const found = path.startsWith('.')
        ? await building.resolve(path, { resolveDir, kind, importer, pluginData: resolved })
        : undefined
      if (found !== undefined && found.errors.length > 0)
        return refusal(`imports ${path}, which does not exist`)
      return found !== undefined && isWithin(own, found.path)
        ? found
        : refusal(`imports ${path}: a manager can import only ${kitName} and files of its own folder`)
    })
  },
})

const refusal = (text: string) => ({ errors: [{ text }] })

/** Marks a resolution by esbuild itself. */
const resolved = Symbol('resolved')

const isPath = (from: string): boolean => /^[./]/.test(from)

const whyNotThere = (from: string): string =>
  isPath(from)
    ? `the file ${from} does not exist, relative to the folder of the configuration`
    : `the package ${from} cannot be found from the folder of the configuration (begin a file with ./)`

/** A file can import files next to it and below; a package can import all its files. */
const ownFolder = (file: string, isFile: boolean): string =>
  dirname((isFile ? undefined : findPackageJSON(pathToFileURL(file))) ?? file)

/** Packages installed below a folder do not belong to it. */
const isWithin = (folder: string, path: string): boolean =>
  !/^\.\.(\/|$)|(^|\/)node_modules\//.test(relative(folder, path).replaceAll('\\', '/'))

const isBuildFailure = (error: unknown): error is BuildFailure => error instanceof Error && 'errors' in error

const sentence = ({ location, text, id }: Message): string => {
  const what = id.includes('require') ? namesRequire : text.startsWith('Top-level await') ? waitsAtTop : text
  return location === null ? what : `${location.file}:${location.line} ${what}`
}
