import type { z } from 'zod'
import { valueAt, without } from '../yaml/plain-data.ts'
import { type ConfigFinding } from './problem.ts'
import { formatPath, isOnPath } from '../yaml/path.ts'
import type { Schema, WebhookYaml } from './schema.ts'
import { describeUnknownKey } from './unknown-key.ts'
import { wording } from './wording.ts'

/** The content of a file, and its problems. */
export interface Validated {
  /** The file without invalid keys and items, to check everything else. */
  readonly input: WebhookYaml
  readonly findings: readonly ConfigFinding[]
}

/** Checks each key by itself. Removes a wrong key and checks again what it hid, to report all findings at once. */
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

/** One finding for each path: an empty prefix is also not an absolute path, but saying so does not help. */
const firstOfEach = (findings: readonly ConfigFinding[]): readonly ConfigFinding[] => {
  const first = new Map<string, ConfigFinding>()
  for (const finding of findings) {
    const place = formatPath(finding.path)
    if (!first.has(place)) first.set(place, finding)
  }
  return [...first.values()]
}

const toFindings = (schema: Schema, issue: z.core.$ZodIssue): readonly ConfigFinding[] => {
  // Paths of plain data contain no symbols.
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
