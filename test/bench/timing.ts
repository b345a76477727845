import { Bench } from 'tinybench'
import { percentile } from '../load/statistics.ts'
import type { Body } from './bodies.ts'
import { type CallName, calls } from './calls.ts'

/** A number for each kind of call. */
type Each = Readonly<Record<CallName, number>>

/** The cost of calls with one body. */
export interface Timing {
  /** Microseconds: the median of the rounds' medians. */
  readonly times: Each
  /** The ratio to the floor: the median of the rounds' ratios. Other load on the machine affects both sides of a ratio. */
  readonly ratios: Each
  /** Microseconds that telemetry adds to a call: the median of the rounds' differences. */
  readonly telemetryUs: number
}

/** The effort: in each round every kind of call runs for `roundMs` milliseconds, one after the other. */
export interface Effort {
  readonly rounds: number
  readonly roundMs: number
}

const names = Object.keys(calls) as readonly CallName[]

/** Every body is first called for this long without measurement: V8 compiles what runs often. */
const warmUpMs = 300

/**
 * Measures each kind of call with each body. Every round goes through all bodies. Other load on the machine then affects a few
 * rounds of each body, and not all rounds of one.
 */
export const measureTimes = async (
  bodies: readonly Body[],
  { rounds, roundMs }: Effort,
  tell: (what: string) => void,
): Promise<readonly (readonly [Body, Timing])[]> => {
  const measured = bodies.map((body) => ({ body, rounds: [] as Each[] }))
  for (const { body } of measured) await round(body, warmUpMs)
  for (let done = 1; done <= rounds; done++) {
    for (const { body, rounds: own } of measured) own.push(await round(body, roundMs))
    tell(`round ${done} of ${rounds} is measured`)
  }
  return measured.map(({ body, rounds: own }) => [body, timingOf(own)])
}

const timingOf = (rounds: readonly Each[]): Timing => {
  const median = (figure: (times: Each) => number): number => percentile(rounds.map(figure), 0.5)
  return {
    times: each((name) => median((times) => times[name])),
    ratios: each((name) => median((times) => times[name] / times.floor)),
    telemetryUs: median(({ call, withTelemetry }) => withTelemetry - call),
  }
}

/** The median of many calls of each kind, in microseconds. Garbage collections affect few calls and so not the median. */
const round = async ({ text }: Body, time: number): Promise<Each> => {
  const bench = new Bench({ time, iterations: 8, warmup: false, throws: true })
  for (const name of names) bench.add(name, () => calls[name](text))
  await bench.run()
  return each((name) => {
    const result = bench.getTask(name)?.result
    if (result?.state !== 'completed') throw new Error(`${name} was not measured`)
    return result.latency.p50 * 1000
  })
}

const each = (figure: (name: CallName) => number): Each =>
  Object.fromEntries(names.map((name) => [name, figure(name)])) as Each
