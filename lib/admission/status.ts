import { type ErrorCode, type Refusal, shown, type WebhookError } from '../errors.ts'

/** A Kubernetes `Status` (apimachinery, `meta/v1`). The API server shows the message of no other JSON answer. */
export interface Status {
  readonly kind: 'Status'
  readonly apiVersion: 'v1'
  readonly status: 'Failure'
  readonly message: string
  readonly reason: string
  readonly code: number
  readonly details?: { readonly causes: readonly StatusCause[] }
}

interface StatusCause {
  readonly reason: string
  readonly message: string
  readonly field: string
}

interface Failure {
  readonly code: number
  readonly reason: string
  /** The message to show instead of the error's own. */
  readonly message?: string
}

/** The answer to each failure (specification §6). Reasons are apimachinery's `StatusReason`. */
const failures = {
  'bad-review': { code: 400, reason: 'BadRequest' },
  'unsupported-media-type': { code: 415, reason: 'UnsupportedMediaType' },
  'too-large': { code: 413, reason: 'RequestEntityTooLarge' },
  // Kubernetes' own words; the same for a wrong path, cluster or token.
  'not-found': { code: 404, reason: 'NotFound', message: 'the server could not find the requested resource' },
  'not-allowed': { code: 400, reason: 'BadRequest' },
  'store-refused': { code: 400, reason: 'BadRequest' },
  'store-unavailable': { code: 503, reason: 'ServiceUnavailable' },
  internal: { code: 500, reason: 'InternalError', message: 'flyte-webhook failed: its log says why' },
} as const satisfies Record<ErrorCode, Failure>

/** The `Status` of a failure. */
export const statusOf = ({ code, message }: WebhookError): Status => {
  const failure: Failure = failures[code]
  return status(failure.code, failure.reason, failure.message ?? printable(message))
}

/**
 * The `Status` of a denial. Its message names every refused annotation. It has one cause for each annotation and
 * reason, as many as fit. Flyte shows a 400 to its user as a permanent failure.
 */
export const denialOf = (refusals: readonly Refusal[]): Status => ({
  ...status(400, 'BadRequest', messageOf(refusals)),
  details: { causes: fitting(causesOf(refusals), maxCausesBytes) },
})

function* causesOf(refusals: readonly Refusal[]): Generator<StatusCause> {
  for (const { by, what, why } of refusals) {
    const message = shortened(`${what}: ${why}`)
    for (const annotation of by)
      yield {
        reason: 'FieldValueInvalid',
        message,
        field: `metadata.annotations[${printable(shown(annotation))}]`,
      }
  }
}

/** All refusals in one line, grouped by subject. Annotations that do not fit are named at the end. */
export const messageOf = (refusals: readonly Refusal[]): string => {
  const bySubject = Map.groupBy(refusals, ({ by, what }) => `${by.map(shown).join(', ')} (${what})`)
  const sentences = [...bySubject].map(([subject, all]) =>
    shortened(`${subject}: ${all.map(({ why }) => why).join('; ')}`),
  )
  const told = fitting(sentences, maxMessageBytes)
  const others = [...bySubject.values()].slice(told.length).flatMap((all) => all.flatMap(({ by }) => by))
  const names = fitting([...new Set(others)].map(shown).map(printable), maxNamesBytes)
  const more = names.length === 0 ? [] : [`And more of ${names.join(', ')}`]
  return [...told, ...more].join('. ')
}

/**
 * Limits of a message, of the names at its end and of its causes, in bytes of JSON. An answer with all of them stays under 200 KB.
 * The names of 256 annotations that Kubernetes accepts are half of their limit. A person reads far less.
 */
const maxMessageBytes = 80 * 1024
const maxNamesBytes = 40 * 1024
const maxCausesBytes = 64 * 1024
const maxSentenceCharacters = 8 * 1024

/** The first elements that fit together; the others are not computed. */
const fitting = <T>(elements: Iterable<T>, maxBytes: number): readonly T[] => {
  const list: T[] = []
  let bytes = 0
  for (const element of elements) {
    bytes += Buffer.byteLength(JSON.stringify(element))
    if (bytes > maxBytes) break
    list.push(element)
  }
  return list
}

const shortened = (text: string): string => {
  const printed = printable(text.slice(0, maxSentenceCharacters).toWellFormed())
  return text.length > maxSentenceCharacters || printed.length > maxSentenceCharacters
    ? `${printed.slice(0, maxSentenceCharacters).toWellFormed()}…`
    : printed
}

/** A failure in Kubernetes' form. */
export const status = (code: number, reason: string, message: string): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  message,
  reason,
  code,
})

/** Nearly every text has only these characters, and this test is much faster than a test by Unicode properties. */
const printableAscii = /^[\x20-\x7e]*$/

/** Control and format characters and line separators would let a request write on the reader's terminal. */
export const printable = (text: string): string =>
  printableAscii.test(text)
    ? text
    : text.replace(
        /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
        (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
      )
