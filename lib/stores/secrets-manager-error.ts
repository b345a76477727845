import { WebhookError } from '../errors.ts'
import type { Fetched } from './secret-source.ts'

/** The relevant fields of an error of the AWS SDK; errors of the network have a `code`. */
interface SdkError {
  readonly name: string
  readonly message: string
  readonly code?: unknown
  readonly $metadata?: { readonly httpStatusCode?: number }
}

const absent: Fetched = { kind: 'absent' }

/** The errors of Secrets Manager and the common errors of AWS APIs; source: the API references' pages of errors. */
const isAbsent: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  // "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
  'ValidationException',
  'InvalidParameterException',
])
const throttled =
  /^(Throttl|RequestThrottled|TooManyRequests|RequestLimitExceeded|LimitExceeded|SlowDown|BandwidthLimitExceeded)/
/** Temporary faults that AWS reports as the caller's own: a wrong clock, a request that arrived too slowly. */
const passing: ReadonlySet<string> = new Set([
  'RequestTimeout',
  'RequestTimeoutException',
  'RequestExpired',
  'RequestTimeTooSkewed',
  'PriorRequestNotComplete',
])

/**
 * Whether Secrets Manager itself answered with this error of the AWS SDK. All others come from a connection that broke, stayed
 * silent or stopped in the middle of an answer (with the status 200), or from an aborted call.
 */
export const isAnswer = (thrown: unknown): boolean => thrown instanceof Error && statusOf(thrown) >= 400

/** The meaning for the secret of an error that the AWS SDK threw (specification §4.7). */
export const fetchedFromError = (secretId: string, thrown: unknown): Fetched => {
  const error: SdkError = thrown instanceof Error ? thrown : { name: typeof thrown, message: '' }
  if (isAbsent.has(error.name)) return absent
  // "You can't perform this operation on the secret because it was marked for deletion."
  if (error.name === 'InvalidRequestException' && /delet/i.test(error.message)) return absent
  const refusal = refusalOf(error, JSON.stringify(secretId))
  return refusal === undefined ? unavailable(secretId, error) : failed('store-refused', refusal, error)
}

/** What the operator has to do about an error, or at least its name; undefined for a temporary one. */
const refusalOf = (error: SdkError, secret: string): string | undefined => {
  const { name, message } = error
  // "Access to KMS is not allowed"
  if (name === 'DecryptionFailure' || (name === 'AccessDeniedException' && /\bkms\b/i.test(message)))
    return `Secrets Manager cannot decrypt ${secret}: grant the function's role kms:Decrypt on its key`
  if (name === 'AccessDeniedException')
    return `the function cannot read ${secret}: grant its role secretsmanager:GetSecretValue on it`
  if (name === 'CredentialsProviderError') return `cannot read ${secret}: the function has no AWS credentials`
  if (message === 'Region is missing') return `cannot read ${secret}: set AWS_REGION or function.aws.region`
  return mayPass(error) ? undefined : `Secrets Manager refused to return ${secret}: ${printableName(name)}`
}

const mayPass = (error: SdkError): boolean => {
  const status = statusOf(error)
  return (
    status < 400 || status >= 500 || status === 429 || throttled.test(error.name) || passing.has(error.name)
  )
}

/** The HTTP status of the answer; 0 if none began. */
const statusOf = ({ $metadata }: SdkError): number => $metadata?.httpStatusCode ?? 0

/** The secret is unavailable for now. */
export const unavailable = (secretId: string, error?: SdkError): Fetched =>
  failed('store-unavailable', `Secrets Manager did not return ${JSON.stringify(secretId)}: try again`, error)

const failed = (code: 'store-refused' | 'store-unavailable', message: string, cause?: SdkError): Fetched => ({
  kind: 'failed',
  error: new WebhookError(code, message, cause === undefined ? {} : { cause: withoutContent(cause) }),
})

/** Names and codes of errors come from the network. */
const printableName = (name: string): string => (/^[A-Za-z][\w.]{0,63}$/.test(name) ? name : 'an error')

/** An error of the SDK carries the response, and an error of its parser quotes it: keep only the name and code. */
const withoutContent = ({ name, code }: SdkError): Error =>
  Object.assign(new Error('', {}), {
    name: printableName(name),
    ...(typeof code === 'string' ? { code } : {}),
  })
