import { type BodyFigures, growthsOf, livedBodies, type Measured } from './figures.ts'
import type { Lives, Part } from './life.ts'

/** A goal, the measured figure, and whether it reaches the goal. */
export interface Goal {
  readonly what: string
  readonly wanted: string
  readonly measured: string
  readonly isReached: boolean
}

/** The smallest object takes twelve bytes, so a smaller growth cannot be an object that each call leaves behind. */
export const maxGrowthBytes = 12

/** Compares every goal of the webhook's speed with the measured figures. */
export const goalsOf = ({ bodies, memory, startup, lives }: Measured): readonly Goal[] => {
  const examples = bodies.filter(({ size }) => size === undefined)
  const growths = growthsOf(bodies)
  return [
    ...lifeGoals(lives),
    ...examples.map(callGoal),
    atMost('telemetry adds to a call', {
      unit: 'µs',
      most: 20,
      measured: Math.max(...examples.map(({ telemetryUs }) => telemetryUs)),
    }),
    atMost('the bundle, minified', { unit: 'KB', most: 120, measured: startup.bytes / 1024 }),
    atMost("the cost's growth with the size of a pod, over linear, at its worst step", {
      unit: '×',
      most: 1.1,
      measured: Math.max(...growths.size.map(({ overLinear }) => overLinear)),
    }),
    atMost("the cost's growth with the number of secrets, over linear, at its worst step", {
      unit: '×',
      most: 1.1,
      measured: Math.max(...growths.secrets.map(({ overLinear }) => overLinear)),
    }),
    {
      what: 'the live heap grows with each call',
      wanted: 'by nothing',
      measured: `by ${memory.growth.toFixed(1)} bytes`,
      isReached: memory.growth < maxGrowthBytes,
    },
  ]
}

const atMost = (
  what: string,
  { unit, most, measured }: { readonly unit: string; readonly most: number; readonly measured: number },
): Goal => ({
  what,
  wanted: `≤ ${most} ${unit}`,
  measured: `${measured.toFixed(unit === '×' ? 2 : 1)} ${unit}`,
  isReached: measured <= most,
})

/** In bytes. The goals are for about 2 KB, and for about 7 KB and more. */
const smallBodyBytes = 5000

const callGoal = ({ name, bytes, ratios }: BodyFigures): Goal =>
  atMost(`a call with \`${name}\`, over the floor`, {
    unit: '×',
    most: bytes < smallBodyBytes ? 2.5 : 1.35,
    measured: ratios.call,
  })

/** The most that a part of an instance's life can take, over the same part at the earlier commit. */
const maxOverBefore = [
  ['load', 0.7],
  ['call 1', 0.5],
  ['calls 21–100', 0.55],
  ['calls 101–500', 0.65],
] as const
const steady: Part = 'calls 2,001–2,500'

const lifeGoals = ({ one, many }: Measured['lives']): readonly Goal[] => [
  ...maxOverBefore.flatMap(([part, most]) => overBefore(one, { body: livedBodies.one, part, most })),
  ...overBefore(many, { body: livedBodies.many, part: steady, most: 0.6 }),
]

const overBefore = (
  { bundle, before }: Lives,
  { body, part, most }: { readonly body: string; readonly part: Part; readonly most: number },
): readonly Goal[] =>
  before === undefined
    ? []
    : [
        atMost(`${part} with \`${body}\`, over the commit before`, {
          unit: '×',
          most,
          measured: bundle[part] / before[part],
        }),
      ]
