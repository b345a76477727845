// What calls leave in the heap; prints it as JSON. A program of its own, started by `measureMemory` with a young generation that
// holds all that a measurement allocates: V8 knows what was allocated only as long as it does not collect.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { allBodies, type Body } from './bodies.ts'
import { type Call, calls } from './calls.ts'

/** What calls do to the heap. */
export interface Memory {
  /** What one call allocates with each body, in bytes. */
  readonly allocated: Readonly<Record<string, { readonly floor: number; readonly call: number }>>
  /** By how many bytes the live heap grew for each of many calls. */
  readonly growth: number
}

/** The calls after which growth is counted. */
export const growthCalls = 100_000
const warmUpCalls = 10_000
/** Code that V8 has not compiled yet allocates more. */
const warmUpMs = 200

const program = fileURLToPath(import.meta.url)
const youngMegabytes = 256

/** Measures in a process of its own. */
export const measureMemory = async (): Promise<Memory> => {
  const space = [`--min-semi-space-size=${youngMegabytes}`, `--max-semi-space-size=${youngMegabytes}`]
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', ...space, program])
  return JSON.parse(stdout)
}

const heapBytes = (): number => process.memoryUsage().heapUsed

const liveBytes = (): number => {
  // The second run takes what the first one's finalizers let go.
  for (const _ of [1, 2]) globalThis.gc?.()
  return heapBytes()
}

/** What one call allocates. A few are enough: each allocates the same. */
const allocatedBy = async (call: Call, { text }: Body): Promise<number> => {
  const count = 5
  for (const end = performance.now() + warmUpMs; performance.now() < end; ) await call(text)
  const before = liveBytes()
  for (let done = 0; done < count; done++) await call(text)
  return Math.round((heapBytes() - before) / count)
}

/** Calls of the whole function with every example in turn, each of another uid. */
const growthOf = async (bodies: readonly Body[]): Promise<number> => {
  const callAll = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done++) {
      const { text } = bodies[done % bodies.length] ?? { text: '' }
      await calls.handler(text.replace(/"uid":"[0-9a-f]{8}/, `"uid":"${`${done}`.padStart(8, '0')}`))
    }
  }
  await callAll(warmUpCalls)
  const before = liveBytes()
  await callAll(growthCalls)
  return (liveBytes() - before) / growthCalls
}

if (process.argv[1] === program) {
  const bodies = allBodies()
  const allocated: Record<string, { floor: number; call: number }> = {}
  for (const body of bodies) {
    allocated[body.name] = {
      floor: await allocatedBy(calls.floor, body),
      call: await allocatedBy(calls.call, body),
    }
  }
  const growth = await growthOf(bodies.filter(({ size }) => size === undefined))
  console.log(JSON.stringify({ allocated, growth } satisfies Memory))
}
