import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from '../../infra/build/bundle.ts'
import { inputsByFolder } from '../../infra/build/inputs.ts'
import { percentile } from '../load/statistics.ts'
import { configOf } from '../support/webhook.ts'

/** How large the function is that answers pods, and how long a fresh process takes for it. */
export interface Startup {
  /** Minified, without source maps. */
  readonly bytes: number
  readonly gzipBytes: number
  /** What each folder and package has of these bytes, greatest first. */
  readonly inputs: readonly (readonly [name: string, bytes: number])[]
  /** The whole life of a process that loads an empty module, and by how much more one takes that loads the bundle; medians. */
  readonly emptyMs: number
  readonly overEmptyMs: number
}

/** Of each kind, one after the other in turn. */
export const processes = 20

/** Builds the bundle of the defaults and starts it again and again. */
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
