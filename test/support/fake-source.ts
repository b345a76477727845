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

/** One fetch that a test answers when it likes. */
interface Call {
  readonly name: string
  readonly signal: AbortSignal
  readonly answer: (fetched: Fetched) => void
  /** Says that an attempt has failed; whether another may be made. */
  readonly retry: (why?: string) => boolean | undefined
}

/** A source whose every fetch waits for the test. */
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

/** A clock that goes when a test says so. */
export class FakeClock implements Clock {
  #now = 1_000_000
  #sleepers: { readonly end: number; readonly wake: () => void }[] = []

  readonly now = (): number => this.#now

  readonly sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((wake) => {
      this.#sleepers.push({ end: this.#now + ms, wake })
      signal.addEventListener('abort', () => wake())
    })

  /** Goes on by some milliseconds, and lets everybody act who has slept long enough. */
  async pass(ms: number): Promise<void> {
    this.#now += ms
    for (const { wake } of this.#sleepers.filter(({ end }) => end <= this.#now)) wake()
    this.#sleepers = this.#sleepers.filter(({ end }) => end > this.#now)
    await settled()
  }

  /** Goes on as it does for a frozen process: nobody notices. */
  freeze(ms: number): void {
    this.#now += ms
  }
}

/** Lets every promise go as far as it can. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** An answer in one line: the value or the code of the failure, the age, and whether it is stale. */
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
