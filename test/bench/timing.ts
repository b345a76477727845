import { Bench } from 'tinybench'
import { percentile } from '../load/statistics.ts'
import type { Body } from './bodies.ts'
import { type CallName, calls } from './calls.ts'

/** What a call of each kind takes, in microseconds. */
export type Times = Readonly<Record<CallName, number>>

/** How one body was measured. */
export interface Timing {
  /** The median over all rounds. */
  readonly times: Times
  /** The median of each round's own ratio to the floor: what else the machine does falls on both. */
  readonly ratios: Times
}

const names = Object.keys(calls) as readonly CallName[]

/**
 * Measures each kind of call with one body, all in turn in each round, `roundMs` milliseconds each. Fails where a call does not
 * answer that the pod is allowed.
 */
export const measure = async (
  { text }: Body,
  { rounds, roundMs }: { readonly rounds: number; readonly roundMs: number },
): Promise<Timing> => {
  const measured: Times[] = []
  await round(text, roundMs)
  while (measured.length < rounds) measured.push(await round(text, roundMs))
  return {
    times: ofEach((name) =>
      percentile(
        measured.map((times) => times[name]),
        0.5,
      ),
    ),
    ratios: ofEach((name) =>
      percentile(
        measured.map((times) => times[name] / times.floor),
        0.5,
      ),
    ),
  }
}

const round = async (text: string, time: number): Promise<Times> => {
  const bench = new Bench({ time, iterations: 8, warmup: false, throws: true })
  for (const name of names) bench.add(name, () => calls[name](text))
  await bench.run()
  return ofEach((name) => {
    const result = bench.getTask(name)?.result
    if (result?.state !== 'completed') throw new Error(`${name} was not measured`)
    return result.latency.p50 * 1000
  })
}

const ofEach = (make: (name: CallName) => number): Times =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Times
