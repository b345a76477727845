// node test/bench/parse-when-cold.ts: prints how long JSON.parse takes right after itself, and after a call of the webhook.
import { percentile } from '../load/statistics.ts'
import { allBodies } from './bodies.ts'
import { calls } from './calls.ts'

const times = 3000

/** The median time of parsing after another task, in microseconds. */
const parseAfter = async (text: string, before: () => unknown): Promise<number> => {
  const measured: number[] = []
  while (measured.length < times * 2) {
    await before()
    const start = performance.now()
    JSON.parse(text)
    measured.push((performance.now() - start) * 1000)
  }
  return percentile(measured.slice(times), 0.5)
}

for (const { name, text } of allBodies().filter(({ size }) => size === undefined)) {
  const hot = await parseAfter(text, () => JSON.parse(text))
  const cold = await parseAfter(text, () => calls.call(text))
  console.log(
    `${name.padEnd(14)} ${hot.toFixed(1)} µs, after a call ${cold.toFixed(1)} µs: ${(cold / hot).toFixed(2)} ×`,
  )
}
