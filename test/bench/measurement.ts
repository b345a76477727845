import type { Body } from './bodies.ts'
import { livedBodies, type Measured } from './figures.ts'
import { type Before, measureLives } from './life.ts'
import { measureMemory } from './memory.ts'
import { measureStartup } from './startup.ts'
import { type Effort, measureTimes } from './timing.ts'

export interface HowMuch extends Effort {
  /** The number of instances of each function. */
  readonly instances: number
  /** An earlier bundle for comparison, if any. */
  readonly before?: Before
}

/** Measures the life of an instance, then the calls with some bodies, the memory and the start. `tell` receives each step. */
export const measure = async (
  bodies: readonly Body[],
  { instances, before, ...effort }: HowMuch,
  tell: (what: string) => void,
): Promise<Measured> => {
  const livesWith = (wanted: string) =>
    measureLives(bodies.find(({ name }) => name === wanted) ?? { text: '' }, instances, before)
  const lives = { one: await livesWith(livedBodies.one), many: await livesWith(livedBodies.many) }
  tell('the life of an instance is measured')
  const startup = await measureStartup()
  tell('the start is measured')
  const memory = await measureMemory()
  tell('the memory is measured')
  const timings = await measureTimes(bodies, effort, tell)
  return {
    bodies: timings.map(([{ text, ...body }, timing]) => ({
      ...body,
      bytes: Buffer.byteLength(text),
      ...timing,
    })),
    memory,
    startup,
    lives,
  }
}
