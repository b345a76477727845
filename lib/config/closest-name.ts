import { distance } from 'fastest-levenshtein'

/**
 * The name that was probably meant, whatever the case: at most a third of its characters are different, or two of a short name.
 * Undefined where none comes close.
 */
export const closestName = (written: string, names: readonly string[]): string | undefined => {
  const ranked = names
    .map((name) => ({ name, steps: distance(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, steps }) => isClose(steps, Math.max(name.length, written.length)))
    .toSorted((a, b) => a.steps - b.steps)
  return ranked[0]?.name
}

const isClose = (steps: number, length: number): boolean =>
  steps < length / 2 && steps <= Math.max(2, length / 3)

/** Names as a sentence lists them: `a, b or c`. */
export const listNames = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
