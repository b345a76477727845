import type { ErrorCode, Refusal, WebhookError } from '../errors.ts'

/** A Kubernetes `Status` (apimachinery, `meta/v1`): of JSON answers, the API server shows the message of nothing else. */
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
  /** What is shown instead of the error's own message. */
  readonly message?: string
}

/** What each failure looks like from outside (specification §6). Reasons are apimachinery's `StatusReason`. */
const failures = {
  'bad-review': { code: 400, reason: 'BadRequest' },
  'unsupported-media-type': { code: 415, reason: 'UnsupportedMediaType' },
  'too-large': { code: 413, reason: 'RequestEntityTooLarge' },
  // Kubernetes' own words; the same whatever is wrong with path, cluster or token.
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
 * The `Status` of a denial: its message names every annotation that is refused and every reason, its causes are one
 * for each annotation and reason. Flyte shows a 400 to its user as a permanent failure.
 */
export const denialOf = (refusals: readonly Refusal[]): Status => ({
  ...status(400, 'BadRequest', messageOf(refusals)),
  details: { causes: withinBudget(refusals.flatMap(causesOf), ({ message }) => message.length) },
})

const causesOf = ({ by, what, why }: Refusal): readonly StatusCause[] =>
  by.map((annotation) => ({
    reason: 'FieldValueInvalid',
    message: shortened(`${what}: ${why}`),
    field: shortened(`metadata.annotations[${annotation}]`),
  }))

/** All refusals in one line; reasons for one and the same thing stand together. */
export const messageOf = (refusals: readonly Refusal[]): string => {
  const bySubject = Map.groupBy(refusals, ({ by, what }) => `${by.join(', ')} (${what})`)
  const sentences = [...bySubject].map(
    ([subject, all]) => `${subject}: ${all.map(({ why }) => why).join('; ')}`,
  )
  const told = withinBudget(sentences.map(shortened), (sentence) => sentence.length)
  const more = sentences.length - told.length
  return [...told, ...(more === 0 ? [] : [`And ${more} more`])].join('. ')
}

/**
 * An answer has to pass through Lambda (6 MB) and be read by a person. What 256 ordinary requests need is far below
 * these bounds, in characters.
 */
const mostAnswerCharacters = 512 * 1024
const mostSentenceCharacters = 16 * 1024

const withinBudget = <T>(list: readonly T[], sizeOf: (element: T) => number): readonly T[] => {
  let left = mostAnswerCharacters
  return list.filter((element) => {
    left -= sizeOf(element)
    return left >= 0
  })
}

const shortened = (text: string): string => {
  const shown = printable(text.slice(0, mostSentenceCharacters).toWellFormed())
  return text.length > mostSentenceCharacters || shown.length > mostSentenceCharacters
    ? `${shown.slice(0, mostSentenceCharacters).toWellFormed()}…`
    : shown
}

/** A failure in the form in which Kubernetes says it. */
export const status = (code: number, reason: string, message: string): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  message,
  reason,
  code,
})

/** Nearly every text is of these characters only, which is found out many times faster than what Unicode says of each. */
const printableAscii = /^[\x20-\x7e]*$/

/** Control and format characters and line separators would let a request write on the reader's terminal. */
export const printable = (text: string): string =>
  printableAscii.test(text)
    ? text
    : text.replace(
        /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
        (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
      )
