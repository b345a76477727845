import type { WebhookError } from '../errors.ts'
import type { CallBudget } from './call-budget.ts'
import type { Fetched, SecretSource } from './secret-source.ts'

/** A running fetch, as one of its callers sees it. */
export interface Flight {
  /** Its start by the clock. */
  readonly askedAt: number
  readonly result: Promise<Fetched>
  /** Settles when a first attempt has failed and the source tries again. */
  readonly failing: Promise<void>
  /** Why the latest attempt failed, if one did. */
  readonly latestFailure: () => WebhookError | undefined
  /** Ends the caller's wait; call it once. After the last caller leaves, the fetch is aborted. */
  readonly leave: () => void
}

export interface FlightOptions {
  readonly source: SecretSource
  readonly now: () => number
  /** Receives every fetch that was not aborted. */
  readonly onLanded: (name: string, fetched: Fetched, askedAt: number) => void
}

type Shared = Omit<Flight, 'leave'> & { readonly cutOff: AbortController; callers: number }

/**
 * Fetches with one flight for each name, for any number of callers. A flight lives as long as somebody waits for it. An aborted
 * flight counts as never started, and the next caller starts another.
 */
export const createFlights = (options: FlightOptions) => {
  const inTheAir = new Map<string, Shared>()
  const landing: FlightOptions = {
    ...options,
    onLanded: (name, fetched, askedAt) => {
      inTheAir.delete(name)
      options.onLanded(name, fetched, askedAt)
    },
  }
  return {
    /** Joins the running fetch or starts one; undefined if the budget has no call left for that. */
    join(name: string, budget: CallBudget): Flight | undefined {
      const shared = inTheAir.get(name) ?? (budget.takeCall() ? begin(name, budget, landing) : undefined)
      if (shared === undefined) return undefined
      inTheAir.set(name, shared)
      shared.callers += 1
      const leave = (): void => {
        shared.callers -= 1
        if (shared.callers > 0 || inTheAir.get(name) !== shared) return
        inTheAir.delete(name)
        shared.cutOff.abort()
      }
      return { ...shared, leave }
    },
  }
}

/** Starts a fetch. Its retries use the budget of the caller that started it. */
const begin = (name: string, budget: CallBudget, { source, now, onLanded }: FlightOptions): Shared => {
  const askedAt = now()
  const cutOff = new AbortController()
  const failing = Promise.withResolvers<void>()
  let failure: WebhookError | undefined
  const mayRepeat = (error: WebhookError): boolean => {
    failure = error
    failing.resolve()
    return budget.takeCall()
  }
  const fly = async (): Promise<Fetched> => {
    const fetched = await source.fetch(name, cutOff.signal, mayRepeat)
    if (!cutOff.signal.aborted) onLanded(name, fetched, askedAt)
    return fetched
  }
  return {
    askedAt,
    result: fly(),
    failing: failing.promise,
    latestFailure: () => failure,
    cutOff,
    callers: 0,
  }
}
