import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { SecretsManagerServer } from '../e2e/secrets-manager.ts'
import { percentile } from '../load/statistics.ts'
import { markdownTable } from '../support/markdown.ts'
import type { MarkedSection } from '../support/marked-section.ts'
import {
  asksForSecret,
  callWith,
  largestServedBody,
  readingAt,
  secretValue,
  storeWith,
  withGlobal,
} from './calls.ts'
import { type DeployedFunction, LambdaRuntime } from './lambda-runtime.ts'
import { packageFunction } from './packaged-function.ts'

export const figuresSection: MarkedSection = {
  name: "figures of Lambda's runtime",
  command: 'npm run bench:runtime',
}

/** The times of one fresh environment. */
interface Start {
  /** From the start of the process until it requests its first call. */
  readonly initMs: number
  /** From the event to its result, including the init phase. */
  readonly firstAnswerMs: number
}

/** The peak memory of a process in bytes: after its first call, after many calls, and after the largest event. */
interface Peaks {
  readonly first: number
  readonly many: number
  readonly largest: number
}

/** The measurements of one function. */
export interface FunctionFigures {
  readonly name: string
  /** As in the template. */
  readonly memoryMb: number
  readonly starts: readonly Start[]
  readonly peaks: Peaks
  /** The duration of each call in milliseconds, from the function's log. Empty if the function writes no log. */
  readonly durationsMs: readonly number[]
}

/** The number of calls for `many`. */
const manyCalls = 500

/** The number of fresh environments for each function. */
const rounds = 15

/** Starts an empty function, the packaged defaults and a packaged function with global secrets in turn, then measures memory. */
export const measure = async (): Promise<readonly FunctionFigures[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'empty-function-'))
  const secretsManager = await SecretsManagerServer.start()
  const defaults = await packageFunction()
  const global = await packageFunction(withGlobal)
  await writeFile(join(folder, 'empty.cjs'), 'exports.handler = async () => ({ statusCode: 200 })\n')
  const store = readingAt(secretsManager.serve('store', storeWith(secretValue)))
  const functions: readonly (readonly [name: string, deployed: DeployedFunction])[] = [
    ['an empty function', { ...defaults.deployed, folder, handler: 'empty.handler', environment: {} }],
    ['the defaults', defaults.deployed],
    [
      'with global secrets of Secrets Manager',
      {
        ...global.deployed,
        environment: { ...global.deployed.environment, ...store },
      },
    ],
  ]
  try {
    const starts = functions.map((): Start[] => [])
    for (let round = 0; round < rounds; round++)
      for (const [index, [, deployed]] of functions.entries()) starts[index]?.push(await startOf(deployed))
    const figures: FunctionFigures[] = []
    for (const [index, [name, deployed]] of functions.entries()) {
      const { memoryMb } = deployed
      figures.push({ name, memoryMb, starts: starts[index] ?? [], ...(await manyCallsOf(deployed)) })
    }
    return figures
  } finally {
    await Promise.all([
      secretsManager.stop(),
      defaults.remove(),
      global.remove(),
      rm(folder, { recursive: true }),
    ])
  }
}

const startOf = async (deployed: DeployedFunction): Promise<Start> => {
  const runtime = await LambdaRuntime.start(deployed)
  try {
    const begin = performance.now()
    await answered(runtime, asksForSecret)
    return { initMs: runtime.initMs, firstAnswerMs: performance.now() - begin }
  } finally {
    await runtime.stop()
  }
}

const manyCallsOf = async (
  deployed: DeployedFunction,
): Promise<Pick<FunctionFigures, 'peaks' | 'durationsMs'>> => {
  const runtime = await LambdaRuntime.start(deployed)
  try {
    await answered(runtime, asksForSecret)
    const first = await runtime.peakBytes()
    for (let count = 1; count < manyCalls; count++) await answered(runtime, asksForSecret)
    const many = await runtime.peakBytes()
    const durationsMs = [...runtime.log.matchAll(/"Duration":([\d.]+)/g)].map(([, ms]) => Number(ms))
    await answered(runtime, largestServedBody())
    return { peaks: { first, many, largest: await runtime.peakBytes() }, durationsMs }
  } finally {
    await runtime.stop()
  }
}

const answered = async (runtime: LambdaRuntime, body: string): Promise<void> => {
  const { statusCode } = await runtime.invoke(callWith(body))
  if (statusCode !== 200) throw new Error(`not answered: ${runtime.log}`)
}

/** Formats the medians as Markdown. Each ratio is the median over rounds of the ratio to the empty function. */
export const figuresText = (figures: readonly FunctionFigures[], date: Date): string => {
  const [empty] = figures
  const rows = figures.map(({ name, starts, peaks, durationsMs }) => {
    const ratio = median(
      starts.map(({ initMs }, round) => initMs / (empty?.starts[round]?.initMs ?? Number.NaN)),
    )
    return [
      name,
      milliseconds(starts.map(({ initMs }) => initMs)),
      `× ${ratio.toFixed(2)}`,
      milliseconds(starts.map(({ firstAnswerMs }) => firstAnswerMs)),
      ...callParts.map(([from, to]) => microseconds(durationsMs.slice(from - 1, to))),
      ...[peaks.first, peaks.many, peaks.largest].map((bytes) => `${(bytes / 1e6).toFixed(0)} MB`),
    ]
  })
  return [
    `Measured on ${date.toISOString().slice(0, 10)}: ${availableParallelism()} cores for all programs, Node ${process.versions.node}; ` +
      `medians of ${rounds} processes of each kind, started in turn.`,
    markdownTable(
      [
        'function',
        'init phase',
        'vs. the empty function',
        'first answer, including init',
        ...callParts.map(([from, to]) => (from === to ? `call ${from}` : `calls ${from}–${to}`)),
        'peak memory after one call',
        `after ${manyCalls} calls`,
        'after an event of 6 MB',
      ],
      rows,
    ),
  ].join('\n\n')
}

/** Ranges of calls, numbered from 1, whose durations are reported separately. */
const callParts = [
  [1, 1],
  [2, 20],
  [21, 100],
  [101, manyCalls],
] as const

const microseconds = (ms: readonly number[]): string =>
  ms.length === 0 ? '' : `${Math.round(median(ms) * 1000).toLocaleString('en-US')} µs`
const median = (numbers: readonly number[]): number => percentile(numbers, 0.5)
const milliseconds = (numbers: readonly number[]): string => `${median(numbers).toFixed(0)} ms`
