import { WebhookError } from '../errors.ts'
import type { Fetched } from './secret-source.ts'

/** What of an error of the AWS SDK is looked at; a network's errors have a `code`. */
interface SdkError {
  readonly name: string
  readonly message: string
  readonly code?: unknown
  readonly $metadata?: { readonly httpStatusCode?: number }
}

const absent: Fetched = { kind: 'absent' }

/** Secrets Manager's and the AWS APIs' common errors; source: the API references' pages of errors. */
const isAbsent: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  // "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
  'ValidationException',
  'InvalidParameterException',
])
const throttled =
  /^(Throttl|RequestThrottled|TooManyRequests|RequestLimitExceeded|LimitExceeded|SlowDown|BandwidthLimitExceeded)/
/** Passing troubles that are answered as if they were the caller's own: a clock that is wrong, a request that came in too slowly. */
const passing: ReadonlySet<string> = new Set([
  'RequestTimeout',
  'RequestTimeoutException',
  'RequestExpired',
  'RequestTimeTooSkewed',
  'PriorRequestNotComplete',
])

/**
 * Whether Secrets Manager itself answered with an error that the AWS SDK threw. All others come from a connection that broke, stayed
 * silent or stopped in the middle of an answer (which has the status 200), or from a call that was cut off.
 */
export const isAnswer = (thrown: unknown): boolean => thrown instanceof Error && statusOf(thrown) >= 400

/** What an error that the AWS SDK threw means for the secret (specification §4.7). */
export const fetchedFromError = (secretId: string, thrown: unknown): Fetched => {
  const error: SdkError = thrown instanceof Error ? thrown : { name: typeof thrown, message: '' }
  if (isAbsent.has(error.name)) return absent
  // "You can't perform this operation on the secret because it was marked for deletion."
  if (error.name === 'InvalidRequestException' && /delet/i.test(error.message)) return absent
  const refusal = refusalOf(error, JSON.stringify(secretId))
  return refusal === undefined ? unavailable(secretId, error) : failed('store-refused', refusal, error)
}

/** What the operator has to do about an error, or at least its name; undefined for one that may pass. */
const refusalOf = (error: SdkError, secret: string): string | undefined => {
  const { name, message } = error
  // "Access to KMS is not allowed"
  if (name === 'DecryptionFailure' || (name === 'AccessDeniedException' && /\bkms\b/i.test(message)))
    return `Secrets Manager may not decrypt ${secret}: grant the function's role kms:Decrypt on its key`
  if (name === 'AccessDeniedException')
    return `the function may not read ${secret}: grant its role secretsmanager:GetSecretValue on it`
  if (name === 'CredentialsProviderError')
    return `${secret} cannot be asked for: the function has no AWS credentials`
  if (message === 'Region is missing')
    return `${secret} cannot be asked for: set AWS_REGION or function.aws.region`
  return mayPass(error) ? undefined : `Secrets Manager refused to give ${secret}: ${printableName(name)}`
}

const mayPass = (error: SdkError): boolean => {
  const status = statusOf(error)
  return (
    status < 400 || status >= 500 || status === 429 || throttled.test(error.name) || passing.has(error.name)
  )
}

/** The HTTP status of the answer; 0 where none began. */
const statusOf = ({ $metadata }: SdkError): number => $metadata?.httpStatusCode ?? 0

/** The secret could not be had, for now. */
export const unavailable = (secretId: string, error?: SdkError): Fetched =>
  failed('store-unavailable', `Secrets Manager did not give ${JSON.stringify(secretId)}: try again`, error)

const failed = (code: 'store-refused' | 'store-unavailable', message: string, cause?: SdkError): Fetched => ({
  kind: 'failed',
  error: new WebhookError(code, message, cause === undefined ? {} : { cause: withoutContent(cause) }),
})

/** Names and codes of errors come over the network. */
const printableName = (name: string): string => (/^[A-Za-z][\w.]{0,63}$/.test(name) ? name : 'an error')

/** An error of the SDK carries the response, and one of its parser quotes it: only its name and code are kept. */
const withoutContent = ({ name, code }: SdkError): Error =>
  Object.assign(new Error('', {}), {
    name: printableName(name),
    ...(typeof code === 'string' ? { code } : {}),
  })
