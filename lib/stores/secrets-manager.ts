import { SecretValue } from '../secret-value.ts'
import { systemClock, whenAborted } from './clock.ts'
import { createConnections } from './connections.ts'
import type { AwsSdk } from './load-aws-sdk.ts'
import { SecretBytes, type Content, type Fetched, type SecretSource } from './secret-source.ts'
import { fetchedFromError, isAnswer, unavailable } from './secrets-manager-error.ts'
import { createTurns } from './turns.ts'

export interface SecretsManagerOptions {
  /** `function.aws.region`; by default `AWS_REGION` and the other sources of the AWS SDK. */
  readonly region?: string
  /** `function.aws.endpoint`; by default `AWS_ENDPOINT_URL_SECRETS_MANAGER`, `AWS_ENDPOINT_URL`, or AWS's own. */
  readonly endpoint?: string
  /** From 0 up to 1, like `Math.random`: spreads the retries of functions that failed together. */
  readonly random: () => number
}

/**
 * Limits of one attempt. Secrets Manager answers in tens of milliseconds. A call has at most 7,450 ms for all its attempts: the
 * 8 seconds of the function (`serverless.yml`), minus `marginMs` and `graceMs` of `lib/gateway`.
 */
const bounds = {
  connectionTimeout: 1_000,
  requestTimeout: 2_000,
  /** Ends an answer that stops in the middle, which the time-out of a request does not notice. */
  socketTimeout: 2_000,
  /** By default the SDK only warns. */
  throwOnRequestTimeout: true,
}
const firstPauseMs = 50
const maxPauseMs = 1_000
/** Each call has a separate connection, so this is also the maximum number of open connections. */
const maxCallsAtOnce = 20
/** If no signal ends it: about half a minute. */
const maxAttempts = 40

/**
 * AWS Secrets Manager (API version 2017-10-17, `GetSecretValue`): current versions of secrets by name or ARN. It does not use the SDK's
 * retries: they stop after a number of attempts, and all at once after an outage exhausts a budget that all calls share.
 */
export const createSecretsManager = (
  sdk: AwsSdk,
  { region, endpoint, random }: SecretsManagerOptions,
): SecretSource => {
  const connections = createConnections()
  const client = new sdk.SecretsManagerClient({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: { ...bounds, ...connections.agents },
    maxAttempts: 1,
  })

  const takeTurn = createTurns(maxCallsAtOnce)

  const send = async (secretId: string, signal: AbortSignal): Promise<Fetched> => {
    const command = new sdk.GetSecretValueCommand({ SecretId: secretId })
    return decode(secretId, await client.send(command, { abortSignal: signal }))
  }

  /** Sends again if a dead connection may be the cause: that says nothing about the store, so it is not reported to callers. */
  const sendAlive = async (secretId: string, signal: AbortSignal): Promise<Fetched> => {
    const mayBeDead = connections.hasIdle()
    try {
      return await send(secretId, signal)
    } catch (error) {
      if (isAnswer(error)) throw error
      connections.closeIdle()
      if (!mayBeDead || isAborted(signal)) throw error
      return send(secretId, signal)
    }
  }

  const attempt = async (secretId: string, signal: AbortSignal): Promise<Fetched> => {
    const over = new AbortController()
    const answer = sendAlive(secretId, signal).catch((error: unknown) => fetchedFromError(secretId, error))
    // The SDK ignores the signal while it looks for credentials.
    const end = whenAborted(signal, over.signal).then(() => unavailable(secretId))
    return Promise.race([answer, end]).finally(() => over.abort())
  }

  return {
    canHold,
    async fetch(secretId, signal, mayRepeat) {
      if (!canHold(secretId)) return { kind: 'absent' }
      let last = unavailable(secretId)
      for (let count = 0; count < maxAttempts && !isAborted(signal); count += 1) {
        const fetched = await takeTurn(() => attempt(secretId, signal))
        if (fetched.kind !== 'failed' || fetched.error.code !== 'store-unavailable') return fetched
        // An aborted attempt says less than the failure before it.
        if (isAborted(signal)) return last
        last = fetched
        if (mayRepeat?.(fetched.error) === false) return last
        const pauseMs = Math.min(maxPauseMs, firstPauseMs * 2 ** count)
        await systemClock.sleep(pauseMs * (0.5 + random() / 2), signal)
      }
      return last
    },
  }
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted

/** The possible names of a secret (Secrets Manager's API reference, `CreateSecret`), or its ARN. */
const canHold = (secretId: string): boolean =>
  /^[\w/+=.@!-]{1,512}$/.test(secretId) ||
  /^arn:[\w-]+:secretsmanager:[\w-]+:\d+:secret:[\w/+=.@!-]{1,519}$/.test(secretId)

interface Output {
  readonly SecretString?: string | undefined
  readonly SecretBinary?: Uint8Array | undefined
}

const decode = (secretId: string, { SecretString, SecretBinary }: Output): Fetched => {
  if (SecretString !== undefined) return value({ kind: 'text', text: new SecretValue(SecretString) })
  if (SecretBinary !== undefined) return value({ kind: 'binary', bytes: new SecretBytes(SecretBinary) })
  return unavailable(secretId)
}

const value = (content: Content): Fetched => ({ kind: 'value', content })
