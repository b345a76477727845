import type { Json } from '../support/pods.ts'
import { answers } from './catalogue/answers.ts'
import { denials } from './catalogue/denials.ts'
import { doctor } from './catalogue/doctor.ts'
import type { Chapter, Entry } from './catalogue/entry.ts'
import { managers } from './catalogue/managers.ts'

/** Returns the entries of some chapters that match a text. */
const entriesOf = (text: string, chapters: readonly Chapter[]): readonly Entry[] =>
  chapters
    .flatMap(({ entries }) => entries)
    .filter(({ says }) => says.some((said) => patternOf(said).test(text)))

const patterns = new Map<string, RegExp>()

/** Returns a pattern for a message: placeholders for numbers match numbers, other placeholders match anything. */
const patternOf = (message: string): RegExp => {
  const made =
    patterns.get(message) ??
    new RegExp(
      `^${message
        .split(/(<[^<>]+>)/)
        .map(sourceOf)
        .join('')}$`,
    )
  patterns.set(message, made)
  return made
}

const sourceOf = (part: string): string => {
  if (!part.startsWith('<')) return part.replaceAll(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`)
  return part === '<n>' || part === '<status>' ? '-?[0-9.]+' : '[^]+'
}

const { subjects, ...others } = denials
const reasons = [...Object.values(others), ...Object.values(managers)]

/** Returns the entries for the last reason of a denial, after its subject or after the reasons of other managers. */
const entriesOfReason = (text: string): readonly Entry[] => {
  const starts = [...text.matchAll(/[:;] /g)].map(({ index }) => index + 2)
  return [...new Set([0, ...starts].flatMap((start) => entriesOf(text.slice(start), reasons)))]
}

/** Returns the messages of an AdmissionReview or a Status that docs/troubleshooting.md does not have, or has more than once. */
export const undocumentedIn = (status: number, body: Json): readonly string[] =>
  status === 200 ? undocumentedInReview(body.response ?? {}) : undocumentedInStatus(status, body.message)

const undocumentedInStatus = (status: number, message: string): readonly string[] => {
  const entries = [...entriesOf(message, [answers.calls, answers.gateway]), ...entriesOfReason(message)]
  return entries.length === 1 && entries[0]?.http?.includes(status) ? [] : [`${status} ${message}`]
}

const undocumentedInReview = ({ warnings = [], auditAnnotations = {}, status }: Json): readonly string[] => {
  const causes: readonly string[] = (status?.details.causes ?? []).map((cause: Json) => cause.message)
  return [
    ...causes.filter((cause) => entriesOfReason(cause).length !== 1 || !hasSubject(cause)),
    // An answer cuts a warning after 120 characters.
    ...warnings.filter(
      (text: string) => !text.endsWith('...') && entriesOf(text, [answers.warnings]).length !== 1,
    ),
    ...Object.keys(auditAnnotations).filter((key) => !auditKeys.has(key)),
  ]
}

const hasSubject = (cause: string): boolean =>
  [...cause.matchAll(/[,:] /g)].some(({ index }) => entriesOf(cause.slice(0, index), [subjects]).length > 0)

/** Returns the causes of the API server's own refusal of a pod that docs/troubleshooting.md does not have. */
export const undocumentedRefusals = (
  causes: readonly { readonly field: string; readonly message: string }[],
): readonly string[] =>
  causes
    .map(({ field, message }) => `${field}: ${message}`)
    .filter((cause) => entriesOf(cause, [answers.refusals]).length !== 1)

const auditKeys = new Set(
  answers.audit.entries.flatMap(({ says }) => says.map((said) => /\/(.+?):/.exec(said)?.[1])),
)

/** Returns the findings of `doctor` that docs/troubleshooting.md does not have, or has more than once. */
export const undocumentedFindings = (findings: readonly { readonly message: string }[]): readonly string[] =>
  findings
    .map(({ message }) => message)
    .filter((message) => !isVersion(message) && entriesOf(message, Object.values(doctor)).length !== 1)

/** Whether a finding is only the version of a cluster with all features. */
const isVersion = (message: string): boolean => /^v[0-9.]+$/.test(message)
