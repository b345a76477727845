import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Plugin } from 'esbuild'
import { BuildError, buildInMemory, type BuiltInMemory } from '../build/in-memory.ts'
import type { AnyDefinition } from '../../lib/managers/any-definition.ts'
import { outsideCode, outsideCodeOf, outsideImports } from '../build/outside-code.ts'
import { licencesOf } from '../build/licences.ts'
import { projectRoot } from '../project-root.ts'

/** The playground's files by their names: a page without a server, that asks for nothing but these. */
export type PlaygroundFiles = ReadonlyMap<string, Uint8Array>

const page = 'infra/playground/page'

/** What a page is built for, besides this project's own managers. */
export interface PlaygroundRequest {
  /** The managers that its configurations may name; those of this project unless there are others. */
  readonly definitions?: readonly AnyDefinition[]
  /** The text of the configuration that it begins with; an example otherwise. */
  readonly config?: string
}

/** Builds the playground's page, which runs `lib/` in a browser. The same input gives the same bytes. */
export const buildPlayground = async (request: PlaygroundRequest = {}): Promise<PlaygroundFiles> => {
  const { outputFiles, metafile } = await runEsbuild(request)
  const left = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path))
  if (left.length > 0) throw new BuildError(`the playground cannot load ${left.join(', ')} in a browser`)
  const html = await readFile(join(projectRoot, page, 'index.html'))
  return new Map<string, Uint8Array>([
    ['index.html', html],
    ...outputFiles.map(({ path, contents }) => [path.slice(outFolder.length + 1), contents] as const),
    ['LICENCES.txt', new TextEncoder().encode(await licencesOf([metafile]))],
  ])
}

/** Builds the playground into a folder, and takes away what is left there of another build. */
export const writePlayground = async (
  folder: string,
  request?: PlaygroundRequest,
): Promise<PlaygroundFiles> => {
  const files = await buildPlayground(request)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const [name, contents] of files) await writeFile(join(folder, name), contents)
  return files
}

/** Nothing is written there. */
const outFolder = join(projectRoot, 'dist/playground')

/**
 * What the Lambda function alone needs: nothing in the page calls it, and `buildPlayground` looks that nothing of it is left.
 * Of zod's languages English is enough.
 */
const notInBrowsers: Plugin = {
  name: 'not-in-browsers',
  setup: (building) => {
    building.onResolve({ filter: /^node:https?$|\/aws-sdk\.ts$/ }, ({ path }) => ({
      path,
      external: true,
      sideEffects: false,
    }))
    building.onResolve({ filter: /\/locales\/index\.js$/ }, () => ({ path: 'none', namespace: 'languages' }))
    building.onLoad({ filter: /.*/, namespace: 'languages' }, () => ({ contents: 'export {}' }))
  },
}

/** Puts the managers from outside, and the configuration to begin with, in the place of none. */
const builtFor = ({ definitions = [], config }: PlaygroundRequest): Plugin => ({
  name: 'built-for',
  setup: (building) => {
    const origins = definitions.flatMap(({ origin }) => origin ?? [])
    const made = origins.map(({ from, sha256 }, index) => {
      const origin = JSON.stringify({ from, sha256, code: '' })
      return `guarded(outside${index}, ${origin})`
    })
    const contents = [
      `import { guarded } from '../../managers/guarded.ts'`,
      ...outsideImports(outsideCodeOf(definitions)),
      `export const builtManagers = [${made.join(', ')}]`,
      `export const builtConfig = ${config === undefined ? 'undefined' : JSON.stringify(config)}`,
    ].join('\n')
    building.onLoad({ filter: /\/playground\/page\/built-managers\.ts$/ }, ({ path }) => ({
      contents,
      resolveDir: dirname(path),
    }))
  },
})

const runEsbuild = (request: PlaygroundRequest): Promise<BuiltInMemory> =>
  buildInMemory({
    entryPoints: [`${page}/main.tsx`, `${page}/style.css`],
    outdir: outFolder,
    platform: 'browser',
    // light-dark() of CSS is the youngest thing in the page.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.yaml': 'text' },
    // Node's modules that lib/ and infra/preview need, and its global Buffer.
    alias: {
      'node:timers/promises': './infra/playground/browser/timers.ts',
      'node:path': './infra/playground/browser/path.ts',
    },
    inject: [`./infra/playground/browser/buffer.ts`],
    plugins: [notInBrowsers, builtFor(request), outsideCode(outsideCodeOf(request.definitions ?? []))],
  })
