// Prints as JSON what calls allocate and leave in the heap. `measureMemory` starts this program with a young generation that
// holds all allocations of a measurement: V8 counts them only until it collects.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { allBodies, type Body } from './bodies.ts'
import { type Call, calls } from './calls.ts'

/** The effect of calls on the heap. */
export interface Memory {
  /** The bytes that one call allocates with each body. */
  readonly allocated: Readonly<Record<string, { readonly floor: number; readonly call: number }>>
  /** The bytes by which the live heap grows with each call. */
  readonly growth: number
}

/** The calls before the count of growth begins. */
export const growthCalls = 100_000
const warmUpCalls = 10_000
/** Code that V8 has not compiled allocates more. */
const warmUpMs = 200

const program = fileURLToPath(import.meta.url)
const youngMegabytes = 256

/** Measures in a separate process. */
export const measureMemory = async (): Promise<Memory> => {
  const space = [`--min-semi-space-size=${youngMegabytes}`, `--max-semi-space-size=${youngMegabytes}`]
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', ...space, program])
  return JSON.parse(stdout)
}

const heapBytes = (): number => process.memoryUsage().heapUsed

const liveBytes = (): number => {
  // The second collection frees what the finalizers of the first one release.
  for (const _ of [1, 2]) globalThis.gc?.()
  return heapBytes()
}

/** The bytes that one call allocates. A few calls are enough, because all allocate the same. */
const allocatedBy = async (call: Call, { text }: Body): Promise<number> => {
  const count = 5
  for (const end = performance.now() + warmUpMs; performance.now() < end; ) await call(text)
  const before = liveBytes()
  for (let done = 0; done < count; done++) await call(text)
  return Math.round((heapBytes() - before) / count)
}

/** Calls the whole function with the examples in turn, each time with another uid. */
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
