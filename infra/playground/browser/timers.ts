// What lib/ takes of `node:timers/promises`, for the playground's page.

/** As Node's, but that no signal ends it early: nothing in the page is slow enough to be given up. */
export const setTimeout = (ms: number): Promise<void> =>
  new Promise((resolve) => globalThis.setTimeout(resolve, ms))
