import { setTimeout } from 'node:timers/promises'

/** Time, as far as stores need it. */
export interface Clock {
  /** Milliseconds of the wall clock, which runs on while a Lambda environment is frozen; a monotonic clock need not. */
  readonly now: () => number
  /** Settles after some milliseconds, or as soon as the signal is aborted; it never rejects. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

export const systemClock: Clock = {
  now: Date.now,
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
}

/** Settles when a signal is aborted. Nothing is left on the signal once `until` is. */
export const whenAborted = (signal: AbortSignal, until: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true, signal: until })
  })
