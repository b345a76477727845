import type { Body } from './bodies.ts'
import type { Measured } from './figures.ts'
import { measureMemory } from './memory.ts'
import { measureStartup } from './startup.ts'
import { type Effort, measureTimes } from './timing.ts'

/** Measures the calls with some bodies, the memory and the start, one after the other; `tell` hears what is done. */
export const measure = async (
  bodies: readonly Body[],
  effort: Effort,
  tell: (what: string) => void,
): Promise<Measured> => {
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
  }
}
