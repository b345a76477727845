import type { CacheAnswer, SecretCache } from './cache.ts'
import { type CallBudget, createCallBudget } from './call-budget.ts'

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
