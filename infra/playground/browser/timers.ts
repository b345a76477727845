// The part of `node:timers/promises` that lib/ uses, for the playground's page.

/** Like Node's, but without a signal: nothing in the page is slow enough to abort. */
export const setTimeout = (ms: number): Promise<void> =>
  new Promise((resolve) => globalThis.setTimeout(resolve, ms))
