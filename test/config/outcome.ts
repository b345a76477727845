import { parseConfig } from '../../lib/webhook-yaml.ts'
import type { ConfigProblem } from '../../lib/config/problem.ts'
import type { Json } from '../support/pods.ts'

const describe = ({ line, path, message }: ConfigProblem): string => `${line ?? '-'} ${path}: ${message}`

/** Parses a configuration, as JSON because managers' sections have no type. Throws if the text has problems. */
export const configOf = (text: string): Json => {
  const parsed = parseConfig(text)
  if (parsed.kind === 'config') return parsed.config
  throw new Error(parsed.problems.map(describe).join('\n'))
}

/** Returns the problems of a text as `<line> <path>: <message>`, or an empty list if it is valid. */
export const problemsOf = (text: string): readonly string[] => {
  const parsed = parseConfig(text)
  return parsed.kind === 'problems' ? parsed.problems.map(describe) : []
}

/** Returns the notices about a text, in the same form. */
export const noticesOf = (text: string): readonly string[] => parseConfig(text).notices.map(describe)
