import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Plugin, transform } from 'esbuild'
import { BuildError, buildInMemory, type BuiltInMemory } from '../build/in-memory.ts'
import type { AnyDefinition } from '../../lib/managers/any-definition.ts'
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

/**
 * The playground's page, which runs `lib/` in a browser, with what it is built for. The same input gives the same bytes. A
 * clone builds the page; the package has it as it was built.
 */
export const buildPlayground = async (request: PlaygroundRequest = {}): Promise<PlaygroundFiles> =>
  new Map([
    ...(existsSync(builtPage) ? await readPage() : await buildPage()),
    ['configured.js', new TextEncoder().encode(await configuredScript(request))],
  ])

/** The page in the package; a clone has none. */
const builtPage = join(projectRoot, 'playground')

const readPage = async (): Promise<PlaygroundFiles> => {
  const names = await readdir(builtPage)
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(builtPage, name))] as const)),
  )
}

const buildPage = async (): Promise<PlaygroundFiles> => {
  const { outputFiles, metafile } = await runEsbuild()
  const left = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path))
  if (left.length > 0) throw new BuildError(`the playground cannot load ${left.join(', ')} in a browser`)
  const html = await readFile(join(projectRoot, page, 'index.html'))
  return new Map<string, Uint8Array>([
    ['index.html', html],
    ...outputFiles.map(({ path, contents }) => [path.slice(outFolder.length + 1), contents] as const),
    ['LICENCES.txt', new TextEncoder().encode(await licencesOf([metafile]))],
  ])
}

/** The script that hands over what the page is built for: managers from outside as they were checked, and a configuration. */
const configuredScript = async ({ definitions = [], config }: PlaygroundRequest): Promise<string> => {
  const managers = await Promise.all(
    definitions
      .flatMap(({ origin }) => origin ?? [])
      .map(async ({ from, sha256, code }) => {
        const { code: commonJs } = await transform(code, { format: 'cjs', minify: true, target: browsers })
        const origin = `from: ${JSON.stringify(from)}, sha256: ${JSON.stringify(sha256)}`
        return `{ ${origin}, run(module, exports, require) {\n${commonJs}} }`
      }),
  )
  return `globalThis.builtFor = {\nconfig: ${JSON.stringify(config)},\nmanagers: [${managers.join(',\n')}]\n}\n`
}

/** light-dark() of CSS is the youngest thing in the page. */
const browsers = ['chrome123', 'firefox120', 'safari17.5']

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

const runEsbuild = (): Promise<BuiltInMemory> =>
  buildInMemory({
    entryPoints: [`${page}/main.tsx`, `${page}/style.css`],
    outdir: outFolder,
    platform: 'browser',
    target: browsers,
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
    plugins: [notInBrowsers],
  })
