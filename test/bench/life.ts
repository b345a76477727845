import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from '../../infra/build/bundle.ts'
import { mean, percentile } from '../load/statistics.ts'
import { configOf, sha256Hex } from '../support/webhook.ts'
import type { Body } from './bodies.ts'

/** The parts of an instance's life. A part of calls names the first and the last call, counted from 1. */
const parts = {
  load: undefined,
  'call 1': [1, 1],
  'calls 2–20': [2, 20],
  'calls 21–100': [21, 100],
  'calls 101–500': [101, 500],
  'calls 2,001–2,500': [2001, 2500],
} as const satisfies Record<string, readonly [number, number] | undefined>

export type Part = keyof typeof parts
export const partNames = Object.keys(parts) as readonly Part[]

/** Microseconds for the load, and for one call on average. Medians over all instances. */
export type Life = Readonly<Record<Part, number>>

export interface Lives {
  /** An empty handler, which shows the cost of the measurement itself. */
  readonly empty: Life
  /** A handler that only parses the body and writes the smallest answer. */
  readonly floor: Life
  /** The default bundle. */
  readonly bundle: Life
  /** The bundle of an earlier commit, if one was given. */
  readonly before?: Life & { readonly commit: string }
}

/** An earlier bundle for comparison. */
export interface Before {
  readonly commit: string
  /** The absolute path of its `mutate.cjs`. */
  readonly file: string
}

const worker = fileURLToPath(new URL('life-worker.cjs', import.meta.url))

const emptyModule = 'exports.handler = async () => ({ statusCode: 200 })\n'
const floorModule = `exports.handler = async ({ body }) => {
  const { apiVersion, kind, request } = JSON.parse(body)
  return { statusCode: 200, body: JSON.stringify({ apiVersion, kind, response: { uid: request.uid, allowed: true } }) }
}
`

/** Starts fresh processes that load a function and call it with one body: `instances` of each kind, alternating. */
export const measureLives = async (
  { text }: Pick<Body, 'text'>,
  instances: number,
  before?: Before,
): Promise<Lives> => {
  const folder = await mkdtemp(join(tmpdir(), 'flyte-webhook-'))
  try {
    const body = join(folder, 'body.json')
    await writeFile(body, text)
    const own = await bundle({ config: configOf(''), outDir: join(folder, 'bundle') })
    const files = {
      empty: join(folder, 'empty.cjs'),
      floor: join(folder, 'floor.cjs'),
      bundle: own.file,
      ...(before === undefined ? {} : { before: before.file }),
    }
    await writeFile(files.empty, emptyModule)
    await writeFile(files.floor, floorModule)
    const lives = new Map<string, Life[]>(Object.keys(files).map((kind) => [kind, []]))
    for (let count = 0; count < instances; count++)
      for (const [kind, file] of Object.entries(files)) lives.get(kind)?.push(lifeOf(file, body))
    const medianOf = (kind: string): Life =>
      eachPart((part) =>
        percentile(
          (lives.get(kind) ?? []).map((life) => life[part]),
          0.5,
        ),
      )
    return {
      empty: medianOf('empty'),
      floor: medianOf('floor'),
      bundle: medianOf('bundle'),
      ...(before === undefined ? {} : { before: { ...medianOf('before'), commit: before.commit } }),
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const lastCall = 2500

const lifeOf = (file: string, body: string): Life => {
  const { status, stderr } = spawnSync(process.execPath, [worker, file, body, `${lastCall}`], {
    encoding: 'utf8',
    // The function writes its log to a pipe, as on Lambda.
    maxBuffer: Infinity,
    env: { CALLER_TOKEN_SHA256: `production=${sha256Hex('x'.repeat(43))}` },
  })
  if (status !== 0) throw new Error(`${file} does not answer: ${stderr}`)
  const { loadUs, callsUs }: { readonly loadUs: number; readonly callsUs: readonly number[] } =
    JSON.parse(stderr)
  return eachPart((part) => {
    const calls = parts[part]
    return calls === undefined ? loadUs : mean(callsUs.slice(calls[0] - 1, calls[1]))
  })
}

const eachPart = (figure: (part: Part) => number): Life =>
  Object.fromEntries(partNames.map((part) => [part, figure(part)])) as Life
