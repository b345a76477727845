import { hash } from 'node:crypto'
import { dirname, relative } from 'node:path'
import { build, type BuildFailure, type Message, type Plugin } from 'esbuild'
import { breachesIn } from './walls.ts'

/** By this a manager imports its kit. */
export const kitName = 'flyte-webhook/manager'

/** A manager's own code in one piece, an ES module that imports nothing but the kit; or what is wrong with it. */
export type BundledManager =
  | { readonly kind: 'code'; readonly code: string; readonly sha256: string }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }

/**
 * Bundles a manager from a file, and looks whether it keeps within its walls (specification §4.9): the kit and its own files,
 * nothing of Node, no network. The same files give the same bytes, wherever they lie.
 */
export const bundleManager = async (file: string): Promise<BundledManager> => {
  const folder = dirname(file)
  try {
    const { outputFiles } = await build({
      absWorkingDir: folder,
      entryPoints: [file],
      outfile: `${file}.bundled.js`,
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      target: 'node24',
      sourcemap: 'external',
      // Comments would hold the names of folders.
      minifyWhitespace: true,
      legalComments: 'none',
      logLevel: 'silent',
      plugins: [ownFilesOnly(folder)],
    })
    const [map, code] = outputFiles.map(({ text }) => text)
    if (map === undefined || code === undefined) throw new Error(`esbuild wrote nothing for ${file}`)
    const breaches = breachesIn(code, map)
    if (breaches.length > 0)
      return { kind: 'problems', problems: breaches.map(({ where, what }) => `${where} ${what}`) }
    return { kind: 'code', code, sha256: hash('sha256', code) }
  } catch (error) {
    if (!isBuildFailure(error)) throw error
    return { kind: 'problems', problems: error.errors.map(sentence) }
  }
}

const ownFilesOnly = (folder: string): Plugin => ({
  name: 'own-files-only',
  setup: (building) => {
    building.onResolve({ filter: /./ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
      if (kind === 'entry-point' || pluginData === resolved) return undefined
      if (path === kitName) return { path, external: true }
      const found = path.startsWith('.')
        ? await building.resolve(path, { resolveDir, kind, importer, pluginData: resolved })
        : undefined
      if (found !== undefined && (found.errors.length > 0 || isBelow(folder, found.path))) return found
      return {
        errors: [{ text: `imports ${path}: a manager may import ${kitName} and files of its own folder` }],
      }
    })
  },
})

/** Marks what is resolved by esbuild itself. */
const resolved = Symbol('resolved')

const isBelow = (folder: string, path: string): boolean => !relative(folder, path).startsWith('..')

const isBuildFailure = (error: unknown): error is BuildFailure => error instanceof Error && 'errors' in error

const sentence = ({ location, text }: Message): string =>
  location === null ? text : `${location.file}:${location.line} ${text}`
