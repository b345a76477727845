import { distance } from 'fastest-levenshtein'

/** The name that was probably meant: more than half of it is there, whatever the case. Undefined where none comes close. */
export const closestName = (written: string, names: readonly string[]): string | undefined => {
  const ranked = names
    .map((name) => ({ name, steps: distance(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, steps }) => steps < Math.max(name.length, written.length) / 2)
    .toSorted((a, b) => a.steps - b.steps)
  return ranked[0]?.name
}

/** Names as a sentence lists them: `a, b or c`. */
export const listNames = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
