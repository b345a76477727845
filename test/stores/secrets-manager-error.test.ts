import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { fetchedFromError, isAnswer } from '../../lib/stores/secrets-manager-error.ts'
import { errorEntry } from '../../lib/telemetry/error-entry.ts'

interface Given {
  readonly name: string
  readonly message?: string
  readonly status?: number
  readonly code?: string
}

const errorOf = ({ name, message = '', status, code }: Given): Error =>
  Object.assign(new Error(message), {
    name,
    ...(status === undefined ? {} : { $metadata: { httpStatusCode: status } }),
    ...(code === undefined ? {} : { code }),
  })

/** Formats the outcome in one line: `absent`, or the failure's code and message. */
const outcome = (thrown: unknown): string => {
  const fetched = fetchedFromError('db', thrown)
  return fetched.kind === 'failed' ? `${fetched.error.code}: ${fetched.error.message}` : fetched.kind
}

describe('an error of Secrets Manager', () => {
  it.each<Given>([
    { name: 'ResourceNotFoundException', status: 400 },
    { name: 'ValidationException', status: 400 },
    { name: 'InvalidParameterException', status: 400 },
    {
      name: 'InvalidRequestException',
      message: "You can't perform this operation on the secret because it was marked for deletion.",
      status: 400,
    },
    {
      name: 'InvalidRequestException',
      message: "You can't perform this operation on the secret because it was deleted.",
      status: 400,
    },
  ])('is an absence: $name $message', (given) => {
    expect(outcome(errorOf(given))).toBe('absent')
  })

  const read = 'the function cannot read "db": grant its role secretsmanager:GetSecretValue on it'
  const decrypt = `Secrets Manager cannot decrypt "db": grant the function's role kms:Decrypt on its key`
  it.each<{ given: Given; message: string }>([
    {
      given: { name: 'AccessDeniedException', message: 'User: arn is not authorized', status: 400 },
      message: read,
    },
    {
      given: { name: 'AccessDeniedException', message: 'Access to KMS is not allowed', status: 400 },
      message: decrypt,
    },
    { given: { name: 'DecryptionFailure', status: 400 }, message: decrypt },
    {
      given: { name: 'InvalidRequestException', message: 'the staging label', status: 400 },
      message: 'Secrets Manager refused to return "db": InvalidRequestException',
    },
    {
      given: { name: 'UnrecognizedClientException', status: 400 },
      message: 'Secrets Manager refused to return "db": UnrecognizedClientException',
    },
    {
      given: { name: '<script>', status: 403 },
      message: 'Secrets Manager refused to return "db": an error',
    },
    {
      given: { name: 'CredentialsProviderError', message: 'Could not load credentials' },
      message: 'cannot read "db": the function has no AWS credentials',
    },
    {
      given: { name: 'Error', message: 'Region is missing' },
      message: 'cannot read "db": set AWS_REGION or function.aws.region',
    },
  ])('is a refusal with advice: $given.name $given.message', ({ given, message }) => {
    expect(outcome(errorOf(given))).toBe(`store-refused: ${message}`)
  })

  it.each<Given>([
    { name: 'ThrottlingException', status: 400 },
    { name: 'Throttling', status: 400 },
    { name: 'TooManyRequestsException', status: 400 },
    { name: 'LimitExceededException', status: 400 },
    { name: 'RequestTimeTooSkewed', status: 403 },
    { name: 'UnknownError', status: 429 },
    { name: 'InternalServiceError', status: 500 },
    { name: 'ServiceUnavailable', status: 503 },
    { name: 'TimeoutError' },
    { name: 'AbortError' },
    { name: 'Error', code: 'ECONNREFUSED' },
    { name: 'SyntaxError', status: 200 },
  ])('is temporary: $name $status $code', (given) => {
    expect(outcome(errorOf(given))).toBe('store-unavailable: Secrets Manager did not return "db": try again')
  })

  it('can be something other than an Error', () => {
    expect(outcome('odd')).toBe('store-unavailable: Secrets Manager did not return "db": try again')
  })

  it('logs its name and code, but nothing of its response', () => {
    const thrown = Object.assign(
      errorOf({ name: 'SyntaxError', message: `Unexpected token in "hunter2"`, code: 'ECONNRESET' }),
      {
        $response: { body: 'hunter2' },
      },
    )
    const fetched = fetchedFromError('db', thrown)
    const error = fetched.kind === 'failed' ? fetched.error : undefined
    expect(errorEntry(error).cause).toMatchObject({ name: 'SyntaxError', code: 'ECONNRESET' })
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hunter2')
  })
})

describe('whether Secrets Manager answered', () => {
  it.each<Given & { readonly answered: boolean }>([
    { name: 'ResourceNotFoundException', status: 400, answered: true },
    { name: 'ThrottlingException', status: 400, answered: true },
    { name: 'ServiceUnavailable', status: 503, answered: true },
    // The answer stops in the middle.
    { name: 'TimeoutError', status: 200, answered: false },
    { name: 'TimeoutError', code: 'ETIMEDOUT', answered: false },
    { name: 'Error', code: 'ECONNRESET', answered: false },
    { name: 'AbortError', answered: false },
  ])('$name $status $code: $answered', ({ answered, ...given }) => {
    expect(isAnswer(errorOf(given))).toBe(answered)
  })
})
