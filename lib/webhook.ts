import { encodeResponse } from './admission/response.ts'
import { decodeReview } from './admission/review.ts'
import { statusOf } from './admission/status.ts'
import type { Caller, IdentifyCaller } from './caller/caller.ts'
import type { BundledConfig } from './config/config.ts'
import { decide, type Policy } from './decision.ts'
import { WebhookError } from './errors.ts'
import type { GatewayAnswer, GatewayRequest } from './gateway/event.ts'
import { type AnswerCall, graceMs } from './gateway/handler.ts'
import type { SecretManager } from './manager-kit/manager.ts'
import type { AnyDefinition } from './managers/any-definition.ts'
import { injectors } from './managers/injectors.ts'
import { map, type MaybeLater } from './maybe-later.ts'
import { createManagers, type SecretSources } from './secret-managers.ts'
import { errorEntry } from './telemetry/error-entry.ts'
import type { CallOutcome, RequestRecord } from './telemetry/request-record.ts'

/** What the webhook needs from its environment. */
export interface Ports extends SecretSources {
  readonly identifyCaller: IdentifyCaller
  /** Receives the record of each call. */
  readonly record: (record: RequestRecord) => void
  /** A monotonic clock in milliseconds. */
  readonly clock: () => number
  /** This project's version, for the health check. */
  readonly version: string
}

export interface Webhook {
  /** Answers a call. */
  readonly answer: AnswerCall
  /** Fetches the listed global secrets of the configuration before the first call, which fetches again what fails. */
  readonly prefetch: (signal: AbortSignal) => Promise<void>
}

/** What is known about a call so far. */
type Facts = { -readonly [Field in keyof RequestRecord]?: RequestRecord[Field] }

/**
 * The webhook of one configuration, with the managers of `definitions`. The Lambda handler, `flyte-webhook review` and
 * the tests all use it. It answers every call before `graceMs` after its signal aborts. Every failure ends here,
 * as an answer with a Kubernetes `Status` (specification §6), and every call is recorded once.
 */
export const createWebhook = (
  config: BundledConfig,
  definitions: readonly AnyDefinition[],
  ports: Ports,
): Webhook => {
  const { managers, prefetch, takeUse } = createManagers(config, definitions, ports)
  const policy = createPolicy(config, managers)
  let coldStart = true

  const answerTo = (
    request: GatewayRequest,
    signal: AbortSignal,
    facts: Facts,
  ): MaybeLater<GatewayAnswer> => {
    const caller = callerOf(request, ports.identifyCaller)
    if (caller.cluster !== undefined) facts.cluster = caller.cluster
    if (caller.resource === 'healthz') {
      facts.outcome = 'health'
      return json(
        200,
        request.method === 'HEAD' ? '' : JSON.stringify({ version: ports.version, config: config.digest }),
      )
    }
    const review = decodeReview(request.contentType, request.readBody())
    facts.uid = review.uid
    facts.namespace = review.namespace
    const deciding = decide({ request: review, cluster: caller.cluster }, policy, signal)
    return map(deciding instanceof Promise ? inTime(deciding, signal) : deciding, (decided) => {
      if (decided.kind === 'unavailable') throw decided.error
      Object.assign(facts, decided.summary)
      return json(200, encodeResponse(review, decided.decision))
    })
  }

  const answer: AnswerCall = async (request, signal) => {
    const start = ports.clock()
    const facts: Facts = {}
    let answered: GatewayAnswer
    try {
      const answering = answerTo(request, signal, facts)
      answered = answering instanceof Promise ? await answering : answering
    } catch (error) {
      answered = failed(error, facts)
    }
    ports.record({
      outcome: 'failed',
      requestId: request.requestId,
      lambdaRequestId: request.lambdaRequestId,
      ...facts,
      status: answered.status,
      durationMs: ports.clock() - start,
      coldStart,
      ...takeUse(),
      config: config.digest,
    })
    coldStart = false
    return answered
  }
  return { answer, prefetch }
}

/** The rules of a configuration, with its managers. */
export const createPolicy = (config: BundledConfig, managers: readonly SecretManager[]): Policy => ({
  managers,
  injectors,
  placing: config.function.profile === 'flyte1' ? 'append' : 'prepend-and-replace',
  onFailure: config.function.onFailure,
  envFiles: config.function.envFiles,
  configDigest: config.digest,
})

/** The caller, if the method is right; every fault gives the same failure. */
const callerOf = ({ method, path }: GatewayRequest, identifyCaller: IdentifyCaller): Caller => {
  const caller = identifyCaller(path)
  const methods = caller?.resource === 'healthz' ? ['GET', 'HEAD'] : ['POST']
  if (caller === undefined || !methods.includes(method))
    throw new WebhookError('not-found', 'no such path or caller')
  return caller
}

/** Waits for a step that may take too long, and fails `graceMs` after the signal aborts. */
const inTime = async <T>(waiting: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise: cutOff, reject } = Promise.withResolvers<never>()
  let timer: NodeJS.Timeout | undefined
  const arm = (): void => {
    timer = setTimeout(
      () => reject(new WebhookError('store-unavailable', 'the secrets did not arrive in time: try again')),
      graceMs,
    )
  }
  if (signal.aborted) arm()
  else signal.addEventListener('abort', arm, { once: true })
  try {
    return await Promise.race([waiting, cutOff])
  } finally {
    signal.removeEventListener('abort', arm)
    clearTimeout(timer)
  }
}

const outcomes = {
  'bad-review': 'bad-request',
  'unsupported-media-type': 'bad-request',
  'too-large': 'bad-request',
  'not-found': 'refused-caller',
  'not-allowed': 'denied',
  'store-refused': 'denied',
  'store-unavailable': 'unavailable',
  internal: 'failed',
} as const satisfies Record<WebhookError['code'], CallOutcome>

const failed = (error: unknown, facts: Facts): GatewayAnswer => {
  const known =
    error instanceof WebhookError
      ? error
      : new WebhookError('internal', 'unexpected error: see its cause', { cause: error })
  facts.outcome = outcomes[known.code]
  if (facts.outcome === 'failed' || facts.outcome === 'unavailable') facts.error = errorEntry(known)
  const status = statusOf(known)
  return json(status.code, JSON.stringify(status))
}

const json = (status: number, body: string): GatewayAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body,
})
