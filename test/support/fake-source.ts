import { WebhookError } from '../../lib/errors.ts'
import { SecretValue } from '../../lib/secret-value.ts'
import type { CacheAnswer } from '../../lib/stores/cache.ts'
import type { Clock } from '../../lib/stores/clock.ts'
import type { Fetched, SecretSource } from '../../lib/stores/secret-source.ts'

export const value = (text: string): Fetched => ({
  kind: 'value',
  content: { kind: 'text', text: new SecretValue(text) },
})
export const absent: Fetched = { kind: 'absent' }
export const failed = (code: 'store-unavailable' | 'store-refused'): Fetched => ({
  kind: 'failed',
  error: new WebhookError(code, `told ${code}`),
})

/** A fetch that waits for the test to answer it. */
interface Call {
  readonly name: string
  readonly signal: AbortSignal
  readonly answer: (fetched: Fetched) => void
  /** Reports a failed attempt. Returns whether another is allowed. */
  readonly retry: (why?: string) => boolean | undefined
}

/** A secret source whose fetches wait for the test. */
export class FakeSource implements SecretSource {
  readonly calls: Call[] = []

  fetch(name: string, signal: AbortSignal, mayRepeat?: (error: WebhookError) => boolean): Promise<Fetched> {
    return new Promise((answer) => {
      const retry = (why = 'failed once'): boolean | undefined =>
        mayRepeat?.(new WebhookError('store-unavailable', why))
      this.calls.push({ name, signal, answer, retry })
    })
  }
}

/** A clock that only the test advances. */
export class FakeClock implements Clock {
  #now = 1_000_000
  #sleepers: { readonly end: number; readonly wake: () => void }[] = []

  readonly now = (): number => this.#now

  readonly sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((wake) => {
      this.#sleepers.push({ end: this.#now + ms, wake })
      signal.addEventListener('abort', () => wake())
    })

  /** Advances the clock and runs every timer that has expired. */
  async pass(ms: number): Promise<void> {
    this.#now += ms
    for (const { wake } of this.#sleepers.filter(({ end }) => end <= this.#now)) wake()
    this.#sleepers = this.#sleepers.filter(({ end }) => end > this.#now)
    await settled()
  }

  /** Advances the clock without running timers, as when Lambda freezes the process. */
  freeze(ms: number): void {
    this.#now += ms
  }
}

/** Waits until all pending promises have settled or are blocked. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Formats an answer in one line: the value or the failure's code, the age, and whether it is stale. */
export const shown = (answer: CacheAnswer): string => {
  switch (answer.kind) {
    case 'failed':
      return answer.error.code
    case 'absent':
      return `absent ${answer.ageMs}${answer.stale ? ' stale' : ''}`
    case 'value': {
      const { content } = answer
      const text = content.kind === 'text' ? content.text.reveal() : 'binary'
      return `${text} ${answer.ageMs}${answer.stale ? ' stale' : ''}`
    }
  }
}
