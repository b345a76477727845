import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from '../../infra/build/bundle.ts'
import { missing, startCountingStore, there } from '../support/counting-store.ts'
import { hostilePods, largeSecret, type WorldName, worlds } from '../support/hostile-pods.ts'
import { awsEnvironment } from '../support/moto.ts'
import type { Json } from '../support/pods.ts'
import { configFrom, sha256Hex } from '../support/webhook.ts'

/** The heap that Node gets from Lambda's 512 MB, in MB. */
const heapMb = 460
const maxAnswerBytes = 200_000
/**
 * Parsing 3 MB of small objects takes about 24 ms on an idle core of 2026, so this is the limit of 600 ms for a call with any
 * body. On a busy machine both take longer.
 */
const maxOverYardstick = 25

interface Cost {
  readonly name: string
  readonly statusCode: number
  readonly allowed?: boolean
  readonly bytes: number
  readonly patchBytes: number
  readonly callMs: number
  readonly yardstickMs: number
}

let folder: string
/** Secrets Manager, with large secrets that the kubelet would expand. */
let store: Awaited<ReturnType<typeof startCountingStore>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-'))
  const large = { ...there, body: { SecretString: '$'.repeat(65_536) } }
  store = await startCountingStore((name) => (name.endsWith(largeSecret) ? large : missing))
})
afterAll(async () => {
  store.stop()
  await rm(folder, { recursive: true })
})

/** Measures the packaged function's answers in a heap as large as Lambda's, one call after another. */
const costsOf = async (world: WorldName): Promise<readonly Cost[]> => {
  const { file } = await bundle({ config: configFrom(worlds[world].sections), outDir: join(folder, world) })
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [`--max-old-space-size=${heapMb}`, join(import.meta.dirname, 'hostile-worker.js'), file, world],
    {
      env: {
        ...awsEnvironment,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: store.endpoint,
        CALLER_TOKEN_SHA256: `local=${sha256Hex('token')}`,
      },
      maxBuffer: 2 ** 26,
    },
  )
  const lines: readonly Json[] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return lines.filter((line) => 'callMs' in line) as readonly Cost[]
}

const worldNames = Object.keys(worlds) as readonly WorldName[]

describe.each(worldNames)('a hostile pod, with %s', (world) => {
  it('is answered quickly, within the function’s memory and in few bytes', async () => {
    const costs = await costsOf(world)
    expect(costs.map(({ name }) => name)).toEqual(hostilePods(world).map(({ name }) => name))
    for (const cost of costs) {
      const { name, statusCode, bytes, patchBytes, callMs, yardstickMs } = cost
      expect({ name, statusCode }).toEqual({ name, statusCode: 200 })
      expect({ name, isSmall: bytes < maxAnswerBytes + patchBytes }).toEqual({ name, isSmall: true })
      expect({ name, isQuick: callMs < maxOverYardstick * yardstickMs }).toEqual({ name, isQuick: true })
    }
  })
})
