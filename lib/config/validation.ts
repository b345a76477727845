import type { z } from 'zod'
import { valueAt, without } from '../yaml/plain-data.ts'
import { type ConfigFinding } from './problem.ts'
import { formatPath, isOnPath } from '../yaml/path.ts'
import type { Schema, WebhookYaml } from './schema.ts'
import { describeUnknownKey } from './unknown-key.ts'
import { wording } from './wording.ts'

/** What a file says, and what it says wrongly. */
export interface Validated {
  /** The file without the keys and items that are wrong, so that everything else can still be looked at. */
  readonly input: WebhookYaml
  readonly findings: readonly ConfigFinding[]
}

/** Checks each key by itself. What a wrong one hid is checked without it, so that all findings come at once. */
export const validate = (schema: Schema, written: unknown): Validated => {
  const result = schema.safeParse(written, { error: wording })
  if (result.success) return { input: result.data, findings: [] }
  const findings = firstOfEach(result.error.issues.flatMap((issue) => toFindings(schema, issue)))
  const rest = findings
    .map(({ path }) => (valueAt(written, path) === undefined ? path.slice(0, -1) : path))
    .reduce(without, written)
  const more = validate(schema, rest)
  const isNew = (finding: ConfigFinding): boolean =>
    !findings.some(({ path }) => isOnPath(path, finding.path))
  return { input: more.input, findings: [...findings, ...more.findings.filter(isNew)] }
}

/** One finding a place: an empty prefix is no absolute path either, but saying so helps nobody. */
const firstOfEach = (findings: readonly ConfigFinding[]): readonly ConfigFinding[] => {
  const first = new Map<string, ConfigFinding>()
  for (const finding of findings) {
    const place = formatPath(finding.path)
    if (!first.has(place)) first.set(place, finding)
  }
  return [...first.values()]
}

const toFindings = (schema: Schema, issue: z.core.$ZodIssue): readonly ConfigFinding[] => {
  // No path of plain data has a symbol in it.
  const path = issue.path.filter((step) => typeof step !== 'symbol')
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: describeUnknownKey(schema, path, key),
      }))
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({ path, message }))
    default:
      return [{ path, message: issue.message }]
  }
}
