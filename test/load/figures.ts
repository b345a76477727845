import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { markdownTable } from '../support/markdown.ts'
import type { MarkedSection } from '../support/marked-section.ts'
import type { BurstFigures, Comparison } from './comparison.ts'
import { growthBytes, type SoakFigures } from './soak.ts'
import { mean } from './statistics.ts'

export const figuresFile = join(projectRoot, 'docs/reliability.md')
export const figuresSection: MarkedSection = { name: 'figures of load', command: 'npm run test:load' }

/** The measurements and the machine. */
export interface LoadFigures {
  readonly date: Date
  /** One line: cores, Node, kube-apiserver. */
  readonly machine: string
  readonly comparisons: readonly Comparison[]
  readonly soaks: readonly SoakFigures[]
}

/** Returns the figures as Markdown, which is also readable in a terminal. */
export const figuresText = ({ date, machine, comparisons, soaks }: LoadFigures): string =>
  [
    `Measured on ${date.toISOString().slice(0, 10)}: ${machine}.`,
    markdownTable(
      ['burst', 'webhook', 'p50', 'p99', 'pods a second', 'created', 'refused', 'lost', 'wrong'],
      comparisons.flatMap(burstRows),
    ),
    markdownTable(
      [
        'soak',
        'answered',
        'failed',
        'p50',
        'p99',
        'reviews a second',
        "live in a function's thread",
        'growth a review',
        "live in the gateway's thread",
        'resident',
      ],
      soaks.map(soakRow),
    ),
  ].join('\n\n')

const burstRows = (comparison: Comparison, index: number): readonly (readonly string[])[] => {
  const { first, with: served, without } = comparison
  const row = (side: 'with' | 'without', { outcome, ...figures }: BurstFigures): readonly string[] => [
    `${index + 1}`,
    side === first ? `${side}, first` : side,
    milliseconds(figures.p50Ms),
    milliseconds(figures.p99Ms),
    figures.podsPerSecond.toFixed(0),
    `${outcome.served + outcome.untouched + outcome.wrong}`,
    `${outcome.refused}`,
    `${outcome.lost}`,
    `${outcome.wrong + (side === 'with' ? outcome.untouched : outcome.served)}`,
  ]
  const ratio = (of: 'p50Ms' | 'p99Ms' | 'podsPerSecond') => `× ${(served[of] / without[of]).toFixed(1)}`
  return [
    row('with', served),
    row('without', without),
    [`${index + 1}`, 'ratio', ratio('p50Ms'), ratio('p99Ms'), ratio('podsPerSecond'), '', '', '', ''],
  ]
}

const soakRow = (figures: SoakFigures, index: number): readonly string[] => {
  const { heaps, answered } = figures
  const [, between, after] = heaps
  return [
    `${index + 1}`,
    answered.toLocaleString('en-US'),
    `${figures.failed}`,
    milliseconds(figures.p50Ms),
    milliseconds(figures.p99Ms),
    figures.reviewsPerSecond.toFixed(0),
    heaps.map(({ workers }) => megabytes(mean(workers))).join(' → '),
    `${growthBytes(between, after, answered / 2).toFixed(0)} B`,
    heaps.map(({ main }) => megabytes(main)).join(' → '),
    megabytes(figures.residentBytes),
  ]
}

const milliseconds = (ms: number): string => `${ms.toFixed(0)} ms`
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
