/** A list that cannot be empty. */
export type NonEmpty<T> = readonly [T, ...T[]]

/** Tells TypeScript that a list has an element. */
export const isNonEmpty = <T>(list: readonly T[]): list is NonEmpty<T> => list.length > 0

/** The list without repetitions, in the order of first occurrence. */
export const unique = <T>(list: NonEmpty<T>): NonEmpty<T> => {
  if (list.length === 1) return list
  const [first, ...rest] = list
  return [first, ...new Set(rest.filter((element) => element !== first))]
}

/** The annotations that asked for any of some things, without repetitions. */
export const askersOf = ([first, ...rest]: NonEmpty<{ readonly by: NonEmpty<string> }>): NonEmpty<string> =>
  unique([...first.by, ...rest.flatMap(({ by }) => by)])

/** The reason why a pod is not served: a value, never thrown. It becomes part of the denial's message and one of its causes. */
export interface Refusal {
  /** The full names of the annotations that asked for it. */
  readonly by: NonEmpty<string>
  /** What is refused, in words: `group "db", key "password"`, `variable HOME`. */
  readonly what: string
  /** The reason in words, without a full stop. */
  readonly why: string
  /** Set if a policy refuses: `onFailure: admit` does not override that. */
  readonly byPolicy?: true
}

/** The maximum length of a name or path in a message, in characters: a person needs no more to find it in the pod. */
const maxShownCharacters = 128

/** A text of the pod or of a request for a message. Shorten it before it enters the message: thousands may follow. */
export const shown = (text: string): string =>
  text.length <= maxShownCharacters ? text : `${text.slice(0, maxShownCharacters).toWellFormed()}…`

/** The outcome of a step: its result, or every reason why it has none. */
export type Result<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'refused'; readonly refusals: NonEmpty<Refusal> }

/** Wraps the result of a step. */
export const ok = <T>(value: T): Result<T> => ({ kind: 'ok', value })

/** Every failure that is not a refusal. `lib/admission/status` gives each its HTTP status and reason. */
export type ErrorCode =
  | 'bad-review'
  | 'unsupported-media-type'
  | 'too-large'
  | 'not-found'
  /** A policy of the configuration denies the secret to the pod that asks. */
  | 'not-allowed'
  | 'store-refused'
  | 'store-unavailable'
  | 'internal'

/** The only class of failures. Its message never holds a secret value, a token or a part of a request's body. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Marks the end of an exhaustive switch: a new kind that no case handles is a type error here. */
export const unreachable = (value: never): never => {
  throw new WebhookError('internal', `not handled: ${typeof value}`)
}
