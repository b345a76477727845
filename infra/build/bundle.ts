import { builtIn } from '../../lib/managers/built-in.ts'
import type { AnyDefinition } from '../../lib/managers/any-definition.ts'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Metafile, OutputFile, Plugin } from 'esbuild'
import type { Config } from '../../lib/config/config.ts'
import { needsSecretsManager } from '../../lib/secret-managers.ts'
import { codeExtension } from '../project-root.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { commonjsEntry } from './commonjs-entry.ts'
import { configuredOnly, inlined } from './configured.ts'
import { BuildError, buildInMemory, type BuiltInMemory } from './in-memory.ts'
import { licencesOf } from './licences.ts'

/** A configuration to inline into the code of one Lambda function, and where to write it. */
export interface BundleRequest {
  readonly config: Config
  /** The managers that the configuration can name. Default: those of this project. */
  readonly definitions?: readonly AnyDefinition[]
  /** Absolute path. Gets `mutate.cjs`, the files it loads, and their maps. Other files are deleted, folders are kept. */
  readonly outDir: string
  /** Relative to the project's root. Default: the function that this configuration needs. Tests pass their own. */
  readonly entry?: string
}

/** A built function. */
export interface Bundle {
  /** The code, CommonJS for Node 24. */
  readonly file: string
  readonly bytes: number
  readonly gzipBytes: number
  /** esbuild's inputs and how much of each reached the output, with paths relative to the project's root. */
  readonly metafile: Metafile
}

/**
 * Builds the function's bundle. The same input gives the same bytes: the code is minified, and contains relative paths and
 * no timestamps. It is CommonJS in a `.cjs` file, because the project's `"type": "module"` makes every `.js` file ESM.
 */
export const bundle = async ({
  config,
  definitions = builtIn,
  outDir,
  entry = entryOf(config),
}: BundleRequest): Promise<Bundle> => {
  const own = configuredOnly(config, definitions)
  const { outputFiles, metafile } = await runEsbuild({ mutate: `commonjs:${entry}` }, outDir, { config, own })
  const sdk = needsSecretsManager(config, builtIn)
    ? await runEsbuild({ 'aws-sdk': awsSdk }, outDir, { config, own })
    : undefined
  const licences = await licencesOf([metafile, ...(sdk === undefined ? [] : [sdk.metafile])])
  await replaceFiles(outDir, [
    ...outputFiles,
    ...(sdk === undefined ? [] : [...sdk.outputFiles, text(join(outDir, 'mutate.mjs'), waitingEntry)]),
    text(join(outDir, 'LICENCES.txt'), licences),
  ])
  const code = outputFiles.find((file) => file.path.endsWith('.cjs'))
  if (code === undefined) throw new BuildError(`esbuild wrote no code for ${entry}`)
  return { file: code.path, bytes: code.contents.length, gzipBytes: gzipSync(code.contents).length, metafile }
}

const entryOf = (config: Config): string =>
  `functions/${needsSecretsManager(config, builtIn) ? 'mutate-with-aws' : 'mutate'}${codeExtension}`

/** The only file with code of the AWS SDK: a separate bundle, loaded while the function starts. */
const awsSdk = `lib/stores/aws-sdk${codeExtension}`

/** A file to write: esbuild's output, or a text of this project. */
type Written = Pick<OutputFile, 'path' | 'contents'>

const text = (path: string, contents: string): Written => ({
  path,
  contents: new TextEncoder().encode(contents),
})

/**
 * CommonJS has no top-level await. If the start must wait for a first fetch, Lambda loads this ES module, which does:
 * Lambda's runtime tries `.mjs` before `.cjs`.
 */
const waitingEntry = `import { createRequire } from 'node:module'
const { handler, ready } = createRequire(import.meta.url)('./mutate.cjs')
await ready
export { handler }
`

/** Lets the function import the SDK's bundle from its own folder. */
const besideIt: Plugin = {
  name: 'aws-sdk-beside',
  setup: (building) =>
    building.onResolve({ filter: /^\.\/aws-sdk\.[jt]s$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './aws-sdk.cjs', external: true } : undefined,
    ),
}

const runEsbuild = (
  entryPoints: Record<string, string>,
  outDir: string,
  { config, own }: { readonly config: Config; readonly own: Plugin },
): Promise<BuiltInMemory> =>
  buildInMemory({
    entryPoints,
    plugins: [
      besideIt,
      own,
      commonjsEntry(needsSecretsManager(config, builtIn) ? ['handler', 'ready'] : ['handler']),
    ],
    outdir: outDir,
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // The ES modules of the AWS SDK are smaller than its CommonJS, and unused code can be dropped.
    mainFields: ['module', 'main'],
    sourcemap: 'linked',
    define: {
      BUNDLED_CONFIG: JSON.stringify(inlined(config)),
      BUNDLED_VERSION: JSON.stringify(packageJson.version),
    },
  })

/** Replaces each file atomically: a server that loads the old bundle meanwhile never sees half a file. Deletes other files. */
const replaceFiles = async (folder: string, files: readonly Written[]): Promise<void> => {
  await mkdir(folder, { recursive: true })
  for (const file of files) {
    const unfinished = `${file.path}.${process.pid}`
    await writeFile(unfinished, file.contents)
    await rename(unfinished, file.path)
  }
  const wanted = new Set(files.map((file) => basename(file.path)))
  const entries = await readdir(folder, { withFileTypes: true })
  const stale = entries.filter((entry) => !entry.isDirectory() && !wanted.has(entry.name))
  await Promise.all(stale.map(({ name }) => rm(join(folder, name), { force: true })))
}
