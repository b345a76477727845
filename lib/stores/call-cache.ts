import { type CallBudget, createCallBudget } from './call-budget.ts'
import type { CacheAnswer, SecretCache } from './cache.ts'

/** The budget of a call, identified by its signal. */
export type BudgetOf = (call: AbortSignal) => CallBudget

/** Gives each call one budget for all caches of one store. */
export const oneBudgetPerCall = (): BudgetOf => {
  const budgets = new WeakMap<AbortSignal, CallBudget>()
  return (call) => {
    const budget = budgets.get(call) ?? createCallBudget()
    budgets.set(call, budget)
    return budget
  }
}

/**
 * Gives all requests of one call the same answer for a name. Otherwise a refresh between two requests could give a pod the user
 * of one version of a secret and the password of the next. The signal identifies the call.
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

/** What a cache served since the last question. */
export interface CacheUse {
  /** The number of values past their time to live, because their store fails. */
  readonly staleServed: number
  /** The age of the oldest served value; undefined if none was served. */
  readonly oldestAgeMs: number | undefined
}

export interface WatchedCache extends SecretCache {
  /** Returns the use since the last call of this method. */
  readonly takeUse: () => CacheUse
}

/** Counts what a cache serves. A Lambda instance answers one call at a time, so the count between two reads belongs to one call. */
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
