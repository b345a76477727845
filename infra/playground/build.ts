import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Plugin, transform } from 'esbuild'
import { BuildError, buildInMemory, type BuiltInMemory } from '../build/in-memory.ts'
import type { AnyDefinition } from '../../lib/managers/any-definition.ts'
import { licencesOf } from '../build/licences.ts'
import { projectRoot } from '../project-root.ts'

/** The playground's files by name: a static page that loads only these. */
export type PlaygroundFiles = ReadonlyMap<string, Uint8Array>

const page = 'infra/playground/page'

/** What to build the page for, besides this project's own managers. */
export interface PlaygroundRequest {
  /** The managers that its configurations can name. Default: those of this project. */
  readonly definitions?: readonly AnyDefinition[]
  /** The text of the initial configuration. Default: an example. */
  readonly config?: string
}

/**
 * Builds the playground: a page that runs `lib/` in a browser, and a script with the request's managers and configuration.
 * The same input gives the same bytes. A clone builds the page. The package contains the built page.
 */
export const buildPlayground = async (request: PlaygroundRequest = {}): Promise<PlaygroundFiles> =>
  new Map([
    ...(existsSync(builtPage) ? await readPage() : await buildPage()),
    ['configured.js', new TextEncoder().encode(await configuredScript(request))],
  ])

/** The built page. Only the package has one. */
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

/** Returns the script that gives the page what it is built for: the checked managers from outside, and a configuration. */
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

/** The newest feature of the page is CSS's light-dark(). */
const browsers = ['chrome123', 'firefox120', 'safari17.5']

/** Builds the playground into a folder. Deletes what another build left there. */
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

/** esbuild needs a folder, but writes nothing into it. */
const outFolder = join(projectRoot, 'dist/playground')

/**
 * Drops modules that only the Lambda function needs: the page never calls them, and `buildPage` checks that none is left. Of
 * zod's languages, English is enough.
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
    // Replacements for the modules of Node that lib/ and infra/preview need, and for the global Buffer.
    alias: {
      'node:timers/promises': './infra/playground/browser/timers.ts',
      'node:path': './infra/playground/browser/path.ts',
    },
    inject: [`./infra/playground/browser/buffer.ts`],
    plugins: [notInBrowsers],
  })
