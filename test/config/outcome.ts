import { parseConfig } from '../../lib/webhook-yaml.ts'
import type { ConfigProblem } from '../../lib/config/problem.ts'
import type { Json } from '../support/pods.ts'

const describe = ({ line, path, message }: ConfigProblem): string => `${line ?? '-'} ${path}: ${message}`

/** The configuration that a text is, as JSON: the sections of managers have no type of their own. Fails where it is none. */
export const configOf = (text: string): Json => {
  const parsed = parseConfig(text)
  if (parsed.kind === 'config') return parsed.config
  throw new Error(parsed.problems.map(describe).join('\n'))
}

/** Every problem of a text, `<line> <path>: <message>`; none where it is a configuration. */
export const problemsOf = (text: string): readonly string[] => {
  const parsed = parseConfig(text)
  return parsed.kind === 'problems' ? parsed.problems.map(describe) : []
}

/** Every notice about a text, in the same form. */
export const noticesOf = (text: string): readonly string[] => parseConfig(text).notices.map(describe)
