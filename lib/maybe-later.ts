/** A value that is there at once in most cases: a promise costs a call more than many a step, and time only where one waits. */
export type MaybeLater<T> = T | Promise<T>

/** Goes on with a value, at once where it is there. */
export const map = <T, U>(value: MaybeLater<T>, go: (value: T) => U): MaybeLater<U> =>
  value instanceof Promise ? value.then(go) : go(value)

/** All values of a list; waits only for those that are not there. */
export const all = <T>(values: readonly MaybeLater<T>[]): MaybeLater<readonly T[]> =>
  values.every(isThere) ? values : Promise.all(values)

const isThere = <T>(value: MaybeLater<T>): value is T => !(value instanceof Promise)

/** Asks one after the other until one has an answer. */
export const firstDefined = <T, U>(
  list: readonly T[],
  ask: (element: T) => MaybeLater<U | undefined>,
): MaybeLater<U | undefined> => {
  for (const [index, element] of list.entries()) {
    const answer = ask(element)
    if (answer instanceof Promise)
      return answer.then((late) => late ?? firstDefined(list.slice(index + 1), ask))
    if (answer !== undefined) return answer
  }
  return undefined
}
