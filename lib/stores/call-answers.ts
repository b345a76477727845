import type { CacheAnswer, SecretCache } from './cache.ts'

/**
 * Gives all requests of one call the same answer for a name, so that no pod gets the user of one version of a secret and the
 * password of the next: a refresh may land, or a value turn old, between two of its requests. A call is known by its signal.
 */
export const oneAnswerPerCall = (cache: SecretCache): SecretCache => {
  const calls = new WeakMap<AbortSignal, Map<string, Promise<CacheAnswer>>>()
  return {
    get(name, signal) {
      const answers = calls.get(signal) ?? new Map<string, Promise<CacheAnswer>>()
      calls.set(signal, answers)
      const answer = answers.get(name) ?? cache.get(name, signal)
      answers.set(name, answer)
      return answer
    },
  }
}
