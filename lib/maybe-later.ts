/** A value that usually exists at once: a promise costs a call more than many a step does, and helps only when something waits. */
export type MaybeLater<T> = T | Promise<T>

/** Continues with a value, at once if it exists. */
export const map = <T, U>(value: MaybeLater<T>, go: (value: T) => U): MaybeLater<U> =>
  value instanceof Promise ? value.then(go) : go(value)

/** All values of a list. Waits only for the missing ones. */
export const all = <T>(values: readonly MaybeLater<T>[]): MaybeLater<readonly T[]> =>
  values.every(isThere) ? values : Promise.all(values)

const isThere = <T>(value: MaybeLater<T>): value is T => !(value instanceof Promise)

/** Asks one after another until one has an answer. */
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
