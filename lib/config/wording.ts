import type { z } from 'zod'
import { distance } from 'fastest-levenshtein'

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a whole number',
  array: 'a list',
  object: 'a mapping of keys to values',
  record: 'a mapping of names to values',
}

/** Describes zod's finding in the operator's words, without the value itself. A schema's own message takes precedence. */
export const wording: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${kinds[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return notOneOf(issue.input, issue.values.map(String))
    default:
      return undefined
  }
}

/** `must be a or b`, with the word that was probably meant. */
export const notOneOf = (written: unknown, names: readonly string[]): string => {
  const closest = typeof written === 'string' ? closestName(written, names) : undefined
  const must = `must be ${listNames(names)}`
  return closest === undefined || names.length < 2 ? must : `${must}; did you mean ${closest}?`
}

/**
 * The name that was probably meant, in any case: at most a third of its characters differ, or two of a short name.
 * Undefined if no name is close.
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
