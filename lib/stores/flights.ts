import type { WebhookError } from '../errors.ts'
import type { CallBudget } from './call-budget.ts'
import type { Fetched, SecretSource } from './secret-source.ts'

/** A fetch that is under way, as one of its callers sees it. */
export interface Flight {
  /** When it began, by the clock. */
  readonly askedAt: number
  readonly result: Promise<Fetched>
  /** Settles when a first attempt has failed and the source tries again. */
  readonly failing: Promise<void>
  /** Why the latest attempt failed, if one did. */
  readonly latestFailure: () => WebhookError | undefined
  /** The caller waits no longer; to be called once. When the last one leaves, the fetch is cut off. */
  readonly leave: () => void
}

export interface FlightOptions {
  readonly source: SecretSource
  readonly now: () => number
  /** Hears of every fetch that was not cut off. */
  readonly onLanded: (name: string, fetched: Fetched, askedAt: number) => void
}

type Shared = Omit<Flight, 'leave'> & { readonly cutOff: AbortController; callers: number }

/**
 * Fetches with one flight a name, however many callers ask. A flight lives as long as somebody waits for it; one that is cut
 * off counts as never begun, and the next caller begins another.
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
    /** Joins the fetch that is under way, or begins one; undefined where the budget has no call left for that. */
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

/** Begins a fetch, whose repetitions are taken from the budget of who began it. */
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
