import { setTimeout } from 'node:timers/promises'

/** The functions of time that stores need. */
export interface Clock {
  /** Milliseconds of the wall clock, which continues while a Lambda environment is frozen; a monotonic clock may stop. */
  readonly now: () => number
  /** Settles after some milliseconds, or as soon as the signal aborts; it never rejects. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

export const systemClock: Clock = {
  now: Date.now,
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
}

/** Settles when a signal aborts. After `until` settles, no listener stays on the signal. */
export const whenAborted = (signal: AbortSignal, until: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true, signal: until })
  })
