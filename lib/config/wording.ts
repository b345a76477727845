import type { z } from 'zod'
import { closestName, listNames } from './closest-name.ts'

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a whole number',
  array: 'a list',
  object: 'a mapping of keys to values',
  record: 'a mapping of names to values',
}

/** Says in the operator's words what zod found, without the value itself. Messages that a schema brings along win over these. */
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

/** `must be a or b`, with the one that was probably meant. */
export const notOneOf = (written: unknown, names: readonly string[]): string => {
  const closest = typeof written === 'string' ? closestName(written, names) : undefined
  const must = `must be ${listNames(names)}`
  return closest === undefined || names.length < 2 ? must : `${must}; did you mean ${closest}?`
}
