import { WebhookError } from '../errors.ts'
import { type CallBudget, unlimited } from './call-budget.ts'
import { type Clock, whenAborted } from './clock.ts'
import { createFlights, type Flight } from './flights.ts'
import { type Known, KnownSecrets } from './known-secrets.ts'
import type { Content, Fetched, SecretSource } from './secret-source.ts'

/** The cache's answer about a secret; `ageMs` is the time since the store was asked for it. */
export type CacheAnswer =
  /** Stale: the full time to live has passed and the store fails. */
  | { readonly kind: 'value'; readonly content: Content; readonly ageMs: number; readonly stale: boolean }
  /** Stale: the store once reported this, and does not answer now. */
  | { readonly kind: 'absent'; readonly ageMs: number; readonly stale: boolean }
  | { readonly kind: 'failed'; readonly error: WebhookError }

export interface SecretCache {
  /**
   * Looks a secret up. When the signal aborts, it settles at once with what it has. An answer that does not come from memory
   * uses the budget, if there is one.
   */
  get(name: string, signal: AbortSignal, budget?: CallBudget): Promise<CacheAnswer>
}

export interface CacheOptions {
  /** `function.globalSecrets.ttlMs`: the maximum age of a value while the store answers. */
  readonly ttlMs: number
  /** `function.globalSecrets.maxStaleMs`: how much longer it is served while the store fails. */
  readonly maxStaleMs: number
  /** How long a missing secret counts as missing without asking again; by default each look-up asks again. */
  readonly absenceMs?: number
  readonly clock: Clock
  /** From 0 up to 1, like `Math.random`. */
  readonly random: () => number
  /** The maximum number of values, and of missing secrets; a secret has at most 64 KiB. */
  readonly maxNames?: number
}

/** How long a call waits for a refresh that it does not need (specification §4.1). */
const patienceMs = 300

/**
 * Secrets of a source, cached as specification §4.1 defines: fresh for half their time to live, then refreshed by the next call. After the
 * full time to live a call waits for the refresh, and gets a stale value if the store fails. Nothing happens between calls.
 */
export const createSecretCache = (source: SecretSource, options: CacheOptions): SecretCache => {
  const { clock, absenceMs = 0, maxNames = 1000 } = options
  const memory = new KnownSecrets({ ...options, now: clock.now, absenceMs, maxNames })
  const flights = createFlights({ source, now: clock.now, onLanded: memory.learn.bind(memory) })

  const ask = async (
    name: string,
    known: Known | undefined,
    { signal, budget }: { readonly signal: AbortSignal; readonly budget: CallBudget },
  ): Promise<CacheAnswer | undefined> => {
    if (!isGoodEnough(known) && !budget.takeSecret()) return tooManySecrets
    const flight = flights.join(name, budget)
    if (flight === undefined) return noCallLeft(name)
    const fetched = await wait({ flight, known, signal, clock })
    if (fetched === undefined) return failedFor(flight.latestFailure())
    if (fetched.kind === 'failed') return fetched
    return { ...fetched, ageMs: Math.max(0, clock.now() - flight.askedAt), stale: false }
  }
  return {
    async get(name, signal, budget = unlimited) {
      if (source.canHold?.(name) === false) return { kind: 'absent', ageMs: 0, stale: false }
      const known = memory.recall(name)
      if (known?.state === 'fresh') return serve(known)
      const answer = signal.aborted ? undefined : await ask(name, known, { signal, budget })
      return known !== undefined && isUnavailable(answer) ? serve(known) : (answer ?? tooLate(name))
    },
  }
}

/** A value within its time to live does not need the store. */
const isGoodEnough = (known: Known | undefined): boolean =>
  known?.fetched.kind === 'value' && known.state !== 'old'

const isUnavailable = (answer: CacheAnswer | undefined): boolean =>
  answer === undefined || (answer.kind === 'failed' && answer.error.code === 'store-unavailable')

const serve = ({ fetched, ageMs, state }: Known): CacheAnswer => ({
  ...fetched,
  ageMs,
  stale: state === 'old' || (state === 'aging' && fetched.kind === 'absent'),
})

const failedFor = (error: WebhookError | undefined): CacheAnswer | undefined =>
  error === undefined ? undefined : { kind: 'failed', error }

const tooLate = (name: string): CacheAnswer => ({
  kind: 'failed',
  error: new WebhookError(
    'store-unavailable',
    `the secret ${JSON.stringify(name)} did not arrive in time: try again`,
  ),
})

/** It does not depend on the store, so a retry does not help. */
const tooManySecrets: CacheAnswer = {
  kind: 'failed',
  error: new WebhookError(
    'store-refused',
    'the pod needs more than 100 calls to the store of its secrets: ask for fewer secrets in one pod',
  ),
}

const noCallLeft = (name: string): CacheAnswer => ({
  kind: 'failed',
  error: new WebhookError(
    'store-unavailable',
    `the store did not return ${JSON.stringify(name)} within the 100 calls of one pod: try again`,
  ),
})

interface Waiting {
  readonly flight: Flight
  readonly known: Known | undefined
  readonly signal: AbortSignal
  readonly clock: Clock
}

/** Waits for a flight as long as the caller must, then leaves it. Undefined if nothing has arrived by then. */
const wait = async ({ flight, known, signal, clock }: Waiting): Promise<Fetched | undefined> => {
  const over = new AbortController()
  /**
   * Within its time to live a value stops waiting for the store after 300 ms. An old one waits for a failed attempt first, and the next
   * attempt has these 300 ms: a single failure often passes.
   */
  const doWithout = async ({ state }: Known): Promise<void> => {
    if (state === 'old') await flight.failing
    await clock.sleep(patienceMs, over.signal)
  }
  const ends = [whenAborted(signal, over.signal)]
  if (known !== undefined) ends.push(doWithout(known))
  try {
    return (await Promise.race([flight.result, ...ends])) ?? undefined
  } finally {
    over.abort()
    flight.leave()
  }
}
