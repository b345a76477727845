// npm run bench:check: measures again, and fails if a figure is more than twice the one in test/bench/figures.json, which
// `npm run bench` wrote. It compares only ratios within one run and figures that do not depend on the machine.
import { readFile } from 'node:fs/promises'
import { allBodies } from './bodies.ts'
import { type Figures, figuresFile, growthsOf, type Measured } from './figures.ts'
import { maxGrowthBytes } from './goals.ts'
import { partNames } from './life.ts'
import { measure } from './measurement.ts'

/** The factor leaves room for noise on a busy machine. */
const most = 2

/** The compared figures: greater is worse. */
const comparable = ({ bodies, memory, startup, lives }: Measured): ReadonlyMap<string, number> => {
  const { size, secrets } = growthsOf(bodies)
  return new Map([
    ...bodies.map(({ name, ratios }) => [`a call with ${name}, over the floor`, ratios.call] as const),
    ...bodies.map(
      ({ name, ratios }) => [`the whole function with ${name}, over the floor`, ratios.handler] as const,
    ),
    ...Object.entries(memory.allocated).map(
      ([name, { floor, call }]) =>
        [`what a call with ${name} allocates, over the floor`, call / floor] as const,
    ),
    ...size.map(({ step, overLinear }) => [`growth with the size, ${step}`, overLinear] as const),
    ...secrets.map(({ step, overLinear }) => [`growth with the secrets, ${step}`, overLinear] as const),
    ['the start over an empty module', startup.overEmptyMs / startup.emptyMs],
    ...partNames
      .slice(1)
      .map((part) => [`${part}, over the floor`, lives.one.bundle[part] / lives.one.floor[part]] as const),
    ['the size of the bundle', startup.bytes],
  ])
}

/** The figures that are more than `most` times their committed value. */
const worse = (now: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): readonly string[] =>
  [...now].flatMap(([what, figure]) => {
    const then = before.get(what)
    if (then === undefined) return [`${what}: it is not in ${figuresFile}: run \`npm run bench\``]
    return figure <= most * then ? [] : [`${what}: ${figure.toFixed(2)}, and ${then.toFixed(2)} is committed`]
  })

/** The smaller value of each figure. Noise only adds time and does not repeat. A real slowdown repeats. */
const smaller = (one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>) =>
  new Map([...one].map(([what, figure]) => [what, Math.min(figure, other.get(what) ?? figure)]))

const measured = () =>
  measure(allBodies(), { rounds: 5, roundMs: 20, instances: 8 }, (what) => console.error(what))

const committed: Figures = JSON.parse(await readFile(figuresFile, 'utf8'))
const before = comparable(committed)
const first = await measured()
let figures = comparable(first)
if (worse(figures, before).length > 0) {
  for (const problem of worse(figures, before)) console.error(`${problem}: it is measured again`)
  figures = smaller(figures, comparable(await measured()))
}
const problems = [...worse(figures, before)]
if (first.memory.growth > maxGrowthBytes)
  problems.push(`the live heap grows by ${first.memory.growth.toFixed(1)} bytes a call`)
for (const problem of problems) console.error(problem)
console.log(
  `${before.size + 1} figures compared with those of ${committed.date}, ${problems.length} worse than ${most} times`,
)
process.exitCode = problems.length === 0 ? 0 : 1
