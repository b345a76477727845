import { type CallBudget, createCallBudget } from './call-budget.ts'
import type { CacheAnswer, SecretCache } from './cache.ts'

/** The budget of a call, which is known by its signal. */
export type BudgetOf = (call: AbortSignal) => CallBudget

/** Gives each call one budget, for all caches of one store together. */
export const oneBudgetPerCall = (): BudgetOf => {
  const budgets = new WeakMap<AbortSignal, CallBudget>()
  return (call) => {
    const budget = budgets.get(call) ?? createCallBudget()
    budgets.set(call, budget)
    return budget
  }
}

/**
 * Gives all requests of one call the same answer for a name, so that no pod gets the user of one version of a secret and the
 * password of the next: a refresh may land, or a value turn old, between two of its requests. A call is known by its signal.
 */
export const oneAnswerPerCall = (cache: SecretCache, budgetOf: BudgetOf): SecretCache => {
  const calls = new WeakMap<AbortSignal, Map<string, Promise<CacheAnswer>>>()
  return {
    get(name, signal) {
      const answers = calls.get(signal) ?? new Map<string, Promise<CacheAnswer>>()
      calls.set(signal, answers)
      const answer = answers.get(name) ?? cache.get(name, signal, budgetOf(signal))
      answers.set(name, answer)
      return answer
    },
  }
}

/** What was served from a cache since it was last asked. */
export interface CacheUse {
  /** How many values were past their time to live, because their store fails. */
  readonly staleServed: number
  /** The age of the oldest value that was served; undefined where none was. */
  readonly oldestAgeMs: number | undefined
}

export interface WatchedCache extends SecretCache {
  /** Tells the use since the last time it was told. */
  readonly takeUse: () => CacheUse
}

/** Counts what a cache serves. A Lambda instance answers one call at a time, so what is counted between is one call's. */
export const watchCache = (cache: SecretCache): WatchedCache => {
  let staleServed = 0
  let oldestAgeMs: number | undefined
  return {
    async get(name, signal) {
      const answer = await cache.get(name, signal)
      if (answer.kind === 'value') {
        if (answer.stale) staleServed++
        oldestAgeMs = Math.max(oldestAgeMs ?? 0, answer.ageMs)
      }
      return answer
    },
    takeUse() {
      const use = { staleServed, oldestAgeMs }
      staleServed = 0
      oldestAgeMs = undefined
      return use
    },
  }
}
