import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { projectRoot } from '../../infra/project-root.ts'
import type { Heap } from './heap.ts'
import { LocalServer } from './local-server.ts'
import { mean } from './statistics.ts'

/** The figures of many reviews in a row. */
export interface SoakFigures {
  /** Answered with 200 and the same answer as the first. */
  readonly answered: number
  /** Without an answer, or with another status or answer. */
  readonly failed: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly reviewsPerSecond: number
  /** The live bytes after the warm-up, after half of the reviews, and at the end. */
  readonly heaps: readonly [Heap, Heap, Heap]
  /** The resident memory of the process at the end, in bytes. */
  readonly residentBytes: number
}

const connections = 8
const warmUp = 4000

/** Sends the same review to `npm start` again and again, over kept-alive connections. `reviews` is even. */
export const soak = async (reviews: number, onAnswer: () => void): Promise<SoakFigures> => {
  const server = await LocalServer.start()
  try {
    const body = await readFile(join(projectRoot, 'examples/plain.json'))
    let first: string | undefined
    const ask = (amount: number): Promise<autocannon.Result> =>
      new Promise((resolve, reject) => {
        const options: autocannon.Options = {
          url: `${server.url}?timeout=10s`,
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
          connections,
          amount,
          verifyBody: (answer) => (first ??= String(answer)) === String(answer),
          tlsOptions: { ca: server.ca },
        }
        const load = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)))
        load.on('response', onAnswer)
      })
    await ask(warmUp)
    const before = await server.liveHeap()
    const half = await ask(reviews / 2)
    const between = await server.liveHeap()
    const rest = await ask(reviews / 2)
    const { residentBytes } = server
    const after = await server.liveHeap()
    if (!isServed(first ?? '{}')) throw new Error(`the answer is not what it must be: ${first}`)
    if (server.printed.includes(tokenOf(server.url))) throw new Error('the server prints its token')
    return { ...figuresOf(half, rest), heaps: [before, between, after], residentBytes }
  } finally {
    await server.stop()
  }
}

const isServed = (answer: string): boolean => {
  const { response } = JSON.parse(answer)
  return response?.allowed === true && response.patchType === 'JSONPatch'
}

const tokenOf = (url: string): string => url.split('/').at(-2) ?? url

const figuresOf = (...halves: readonly autocannon.Result[]) => {
  const sum = (of: (half: autocannon.Result) => number): number => halves.map(of).reduce((a, b) => a + b, 0)
  const failed = sum(({ non2xx, errors, mismatches, resets }) => non2xx + errors + mismatches + resets)
  return {
    answered: sum((half) => half['2xx'] - half.mismatches),
    failed,
    p50Ms: mean(halves.map(({ latency }) => latency.p50)),
    p99Ms: Math.max(...halves.map(({ latency }) => latency.p99)),
    reviewsPerSecond: sum(({ requests }) => requests.total) / sum(({ duration }) => duration),
  }
}

/** Returns the growth of the function's live bytes for each of some reviews. Threads that come or go do not count. */
export const growthBytes = (before: Heap, after: Heap, reviews: number): number =>
  ((mean(after.workers) - mean(before.workers)) * after.workers.length) / reviews

/** A function that kept more than a few words of a review would grow by more: the review is 2.2 KB of text. */
const maxGrowthBytes = 200
/** serverless-offline keeps routes, sockets and compiled code in its thread, and some of it comes and goes. */
const maxGatewayGrowth = 1.1

/** Whether memory is flat: the function's in the second half, the gateway's since the warm-up. */
export const isFlat = ({ answered, heaps: [before, between, after] }: SoakFigures): boolean =>
  growthBytes(between, after, answered / 2) < maxGrowthBytes && after.main < before.main * maxGatewayGrowth
