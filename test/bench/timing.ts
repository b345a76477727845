import { Bench } from 'tinybench'
import { percentile } from '../load/statistics.ts'
import type { Body } from './bodies.ts'
import { type CallName, calls } from './calls.ts'

/** A number for each kind of call. */
type Each = Readonly<Record<CallName, number>>

/** What calls with one body take. */
export interface Timing {
  /** Microseconds: the median of the rounds' medians. */
  readonly times: Each
  /** Over the floor: the median of each round's own ratio, so that what else the machine does falls on both. */
  readonly ratios: Each
  /** Microseconds that telemetry adds to a call: the median of each round's own difference. */
  readonly telemetryUs: number
}

/** How thoroughly it is measured: in each round every kind of call has so many milliseconds, one after the other. */
export interface Effort {
  readonly rounds: number
  readonly roundMs: number
}

const names = Object.keys(calls) as readonly CallName[]

/** Before anything counts, every body is called for so long: V8 compiles what runs often. */
const warmUpMs = 300

/**
 * Measures each kind of call with each body. Every round goes through all bodies, so that a while in which the machine does
 * something else falls on a few rounds of each, and not on all of one.
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

/** The median of many calls of each kind, in microseconds. Collections of garbage fall on few of them, and so outside. */
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
