import { type BodyFigures, flyteRatios, growthsOf, type Measured } from './figures.ts'

/** What was wanted, what came out, and whether that is enough. */
export interface Goal {
  readonly what: string
  readonly wanted: string
  readonly measured: string
  readonly isReached: boolean
}

/** The smallest object takes twelve bytes: less is no object that each call leaves behind. */
export const maxGrowthBytes = 12

/** Every goal of the webhook's speed, held against what was measured. */
export const goalsOf = ({ bodies, memory, startup }: Measured): readonly Goal[] => {
  const examples = bodies.filter(({ size }) => size === undefined)
  const growths = growthsOf(bodies)
  return [
    ...examples.map(callGoal),
    ...examples.flatMap(flyteGoal),
    atMost('telemetry adds to a call', {
      unit: 'µs',
      most: 20,
      measured: Math.max(...examples.map(({ telemetryUs }) => telemetryUs)),
    }),
    atMost('a fresh process with the bundle, over one with an empty module', {
      unit: 'ms',
      most: 12,
      measured: startup.overEmptyMs,
    }),
    atMost('the bundle, minified', { unit: 'KB', most: 120, measured: startup.bytes / 1024 }),
    atMost("the cost's growth with the size of a pod, over linear, at its worst step", {
      unit: '×',
      most: 1.2,
      measured: Math.max(...growths.size.map(({ overLinear }) => overLinear)),
    }),
    atMost("the cost's growth with the number of secrets, over linear, at its worst step", {
      unit: '×',
      most: 1.2,
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

/** In bytes; the goals name a size of about 2 KB and sizes from about 7 KB up. */
const smallBodyBytes = 5000

const callGoal = ({ name, bytes, ratios }: BodyFigures): Goal =>
  atMost(`a call with \`${name}\`, over the floor`, {
    unit: '×',
    most: bytes < smallBodyBytes ? 2.5 : 1.8,
    measured: ratios.call,
  })

const flyteGoal = ({ name, bytes, ratios }: BodyFigures): readonly Goal[] => {
  const flyte = flyteRatios[name]
  if (flyte === undefined) return []
  const least = bytes < smallBodyBytes ? 5 : 8
  const measured = flyte / ratios.call
  return [
    {
      what: `the speed of Flyte's own webhook with \`${name}\`, each over its floor`,
      wanted: `≥ ${least} ×`,
      measured: `${measured.toFixed(1)} ×`,
      isReached: measured >= least,
    },
  ]
}
