/** A list that cannot be empty. */
export type NonEmpty<T> = readonly [T, ...T[]]

/** Tells TypeScript that a list has an element. */
export const isNonEmpty = <T>(list: readonly T[]): list is NonEmpty<T> => list.length > 0

/** The list with each element once, where it stands first. */
export const unique = <T>(list: NonEmpty<T>): NonEmpty<T> => {
  if (list.length === 1) return list
  const [first, ...rest] = list
  return [first, ...new Set(rest.filter((element) => element !== first))]
}

/** Who asked for any of some things, each once. */
export const askersOf = ([first, ...rest]: NonEmpty<{ readonly by: NonEmpty<string> }>): NonEmpty<string> =>
  unique([...first.by, ...rest.flatMap(({ by }) => by)])

/** Why a pod is not served: a value, never thrown. It becomes a part of the denial's message and one of its causes. */
export interface Refusal {
  /** The annotations that asked for what is refused, by their full names. */
  readonly by: NonEmpty<string>
  /** What is refused, in words: `group "db", key "password"`, `variable HOME`. */
  readonly what: string
  /** Why, in words, without a full stop. */
  readonly why: string
  /** A policy refuses: `onFailure: admit` does not change that. */
  readonly byPolicy?: true
}

/** The most of a name or path that a message repeats, in characters: a person needs no more to find it in the pod. */
const maxShownCharacters = 128

/** A text of the pod or of a request as a message shows it. Shorten it where it enters a message: thousands of them may follow. */
export const shown = (text: string): string =>
  text.length <= maxShownCharacters ? text : `${text.slice(0, maxShownCharacters).toWellFormed()}…`

/** A step's outcome: what it made, or every reason why it made nothing. */
export type Result<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'refused'; readonly refusals: NonEmpty<Refusal> }

/** Wraps what a step made. */
export const ok = <T>(value: T): Result<T> => ({ kind: 'ok', value })

/** Everything that can go wrong and is not a refusal; `lib/admission/status` gives each its HTTP status and reason. */
export type ErrorCode =
  | 'bad-review'
  | 'unsupported-media-type'
  | 'too-large'
  | 'not-found'
  /** A policy of the configuration keeps the secret from who asks. */
  | 'not-allowed'
  | 'store-refused'
  | 'store-unavailable'
  | 'internal'

/** The one class of failures. Its message never holds a secret value, a token or a part of a request's body. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Stands where no case is left: a new kind that is not handled is a type error here. */
export const unreachable = (value: never): never => {
  throw new WebhookError('internal', `not handled: ${typeof value}`)
}
