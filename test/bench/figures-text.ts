import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { markdownTable } from '../support/markdown.ts'
import type { MarkedSection } from '../support/marked-section.ts'
import { type BodyFigures, type Figures, growthsOf } from './figures.ts'
import { type Lives, partNames } from './life.ts'
import { goalsOf } from './goals.ts'
import { growthCalls } from './memory.ts'
import type { Share } from './profile.ts'
import { processes } from './startup.ts'

export const performanceFile = join(projectRoot, 'docs/performance.md')
export const performanceSection: MarkedSection = { name: 'figures of speed', command: 'npm run bench' }

/** Formats the figures as Markdown. */
export const figuresText = (figures: Figures): string =>
  [
    `Measured on ${figures.date}: ${figures.machine}.`,
    '### The life of an instance',
    livesTable(figures.lives.one),
    '### Goals',
    markdownTable(
      ['what', 'goal', 'measured', 'reached'],
      goalsOf(figures).map(({ what, wanted, measured, isReached }) => [
        what,
        wanted,
        measured,
        isReached ? 'yes' : '**no**',
      ]),
    ),
    '### Calls',
    markdownTable(
      [
        'body',
        'bytes',
        'secrets',
        'floor',
        'call',
        'over the floor',
        'telemetry adds',
        'whole function',
        'a call allocates',
        'the floor allocates',
      ],
      figures.bodies.map((body) => callRow(body, figures)),
    ),
    '### Growth',
    growthTable(figures),
    `After a warm-up, ${growthCalls.toLocaleString('en-US')} calls of the whole function with the examples in turn, each with another uid, ` +
      `let the live heap grow by ${figures.memory.growth.toFixed(1)} bytes a call.`,
    '### Start and size',
    startText(figures),
    markdownTable(
      ['in the bundle', 'bytes'],
      figures.startup.inputs.map(([name, bytes]) => [name, count(bytes)]),
    ),
    '### Where the time goes',
    profileTable(figures, ({ folders }) => folders, 'folder'),
    profileTable(figures, ({ functions }) => functions.slice(0, 12), 'function'),
  ].join('\n\n')

/** The times of the new function, of an earlier one, of the empty function and of the floor. */
const livesTable = ({ empty, floor, bundle, before }: Lives): string =>
  markdownTable(
    [
      'one call of',
      'an empty function',
      'the floor',
      'the function',
      ...(before === undefined ? [] : [`the function at ${before.commit}`, 'ratio']),
    ],
    partNames.map((part) => [
      part,
      ...[empty, floor, bundle].map((life) => microseconds(life[part])),
      ...(before === undefined
        ? []
        : [microseconds(before[part]), `${(bundle[part] / before[part]).toFixed(2)} ×`]),
    ]),
  )

const callRow = (body: BodyFigures, { memory }: Figures): readonly string[] => {
  const { name, size, bytes, secrets, times, ratios, telemetryUs } = body
  const allocated = memory.allocated[name]
  return [
    size ?? `\`${name}\``,
    count(bytes),
    count(secrets),
    microseconds(times.floor),
    microseconds(times.call),
    `${ratios.call.toFixed(2)} ×`,
    microseconds(telemetryUs),
    microseconds(times.handler),
    kilobytes(allocated?.call ?? Number.NaN),
    kilobytes(allocated?.floor ?? Number.NaN),
  ]
}

const growthTable = ({ bodies }: Figures): string => {
  const { size, secrets } = growthsOf(bodies)
  return markdownTable(
    ['from → to', 'cost over linear'],
    [
      ...size.map(({ step, overLinear }) => [`${step}, one secret`, `${overLinear.toFixed(2)} ×`]),
      ...secrets.map(({ step, overLinear }) => [
        `${step} secrets, smallest pod`,
        `${overLinear.toFixed(2)} ×`,
      ]),
    ],
  )
}

const startText = ({ startup }: Figures): string =>
  `The bundle of the defaults has ${count(startup.bytes)} bytes, ${count(startup.gzipBytes)} with gzip. A fresh process that loads an empty module ` +
  `lives for ${startup.emptyMs.toFixed(1)} ms, one that loads the bundle for ${startup.overEmptyMs.toFixed(1)} ms more (medians of ${processes}, in turn).`

/** Every name in the profiles, with its share in each. */
const profileTable = (
  { profiles }: Figures,
  sharesOf: (profile: Figures['profiles'][string]) => readonly Share[],
  heading: string,
): string => {
  const columns = Object.entries(profiles).map(
    ([name, profile]) => [name, new Map(sharesOf(profile))] as const,
  )
  const names = [...new Set(columns.flatMap(([, shares]) => [...shares.keys()]))]
  return markdownTable(
    [heading, ...columns.map(([name]) => name)],
    names.map((name) => [
      name,
      ...columns.map(([, shares]) => {
        const share = shares.get(name)
        return share === undefined ? '' : `${(share * 100).toFixed(1)} %`
      }),
    ]),
  )
}

const count = (number: number): string => number.toLocaleString('en-US')
const microseconds = (us: number): string => `${us < 100 ? us.toFixed(1) : count(Math.round(us))} µs`
const kilobytes = (bytes: number): string => `${count(Math.round(bytes / 1024))} KB`
