import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from '../../infra/build/bundle.ts'
import { inputsByFolder } from '../../infra/build/inputs.ts'
import { percentile } from '../load/statistics.ts'
import { configOf } from '../support/webhook.ts'

/** The size of the function that answers pods, and the time that a fresh process needs for it. */
export interface Startup {
  /** Minified, without source maps. */
  readonly bytes: number
  readonly gzipBytes: number
  /** The share of each folder and package in these bytes, greatest first. */
  readonly inputs: readonly (readonly [name: string, bytes: number])[]
  /** The life of a process that loads an empty module, and how much longer one lives that loads the bundle. Medians. */
  readonly emptyMs: number
  readonly overEmptyMs: number
}

/** Processes of each kind, alternating. */
export const processes = 20

/** Builds the default bundle and starts it repeatedly. */
export const measureStartup = async (): Promise<Startup> => {
  const folder = await mkdtemp(join(tmpdir(), 'flyte-webhook-'))
  try {
    const empty = join(folder, 'empty.cjs')
    await writeFile(empty, '')
    const { file, bytes, gzipBytes, metafile } = await bundle({
      config: configOf(''),
      outDir: join(folder, 'bundle'),
    })
    const pairs: { readonly empty: number; readonly over: number }[] = []
    lifeMs(file)
    while (pairs.length < processes) {
      const emptyMs = lifeMs(empty)
      pairs.push({ empty: emptyMs, over: lifeMs(file) - emptyMs })
    }
    return {
      bytes,
      gzipBytes,
      inputs: [...inputsByFolder(metafile)].filter(([, size]) => size > 0),
      emptyMs: percentile(
        pairs.map((pair) => pair.empty),
        0.5,
      ),
      overEmptyMs: percentile(
        pairs.map(({ over }) => over),
        0.5,
      ),
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const lifeMs = (file: string): number => {
  const start = performance.now()
  const { status, stderr } = spawnSync(process.execPath, [file])
  if (status !== 0) throw new Error(`${file} does not start: ${stderr}`)
  return performance.now() - start
}
