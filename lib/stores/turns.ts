/** Runs a task when its turn comes. */
export type TakeTurn = <T>(task: () => Promise<T>) => Promise<T>

/** Limits the number of concurrent tasks. The others wait, and start in the order of arrival. */
export const createTurns = (maxAtOnce: number): TakeTurn => {
  let running = 0
  const waiting: (() => void)[] = []
  const begin = (): Promise<void> | undefined => {
    if (running === maxAtOnce) return new Promise((resolve) => waiting.push(resolve))
    running += 1
    return undefined
  }
  const end = (): void => {
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }
  return async (task) => {
    await begin()
    return task().finally(end)
  }
}
