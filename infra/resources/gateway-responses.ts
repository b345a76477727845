import { type Status, status, statusOf } from '../../lib/admission/status.ts'
import { WebhookError } from '../../lib/errors.ts'
import type { Fragment, Resource } from './fragment.ts'
import { logicalId } from './fragment.ts'

/**
 * What API Gateway says in place of the function, as Kubernetes `Status` objects: the API server shows the user the message
 * of nothing else (specification §6). None of them quotes the request. The types are those of "Gateway response types" in
 * API Gateway's documentation; a body over 10 MB cannot be shaped, and no API server sends one.
 */
export const gatewayResponses = (): Fragment => ({
  Resources: Object.fromEntries(
    Object.entries(answers).map(([type, answer]) => [
      `GatewayResponse${pascalCase(type)}`,
      response(type, answer),
    ]),
  ),
})

interface GatewayResponse {
  readonly status: Status
  readonly retryAfterSeconds?: number
}

const forbidden = (message: string): GatewayResponse => ({ status: status(403, 'Forbidden', message) })

/** What a path gets that API Gateway does not know: the very answer of the function. */
const notFound: GatewayResponse = { status: statusOf(new WebhookError('not-found', 'no such path')) }

const notAnswering = 'flyte-webhook: the function did not answer: try again'

const answers: Readonly<Record<string, GatewayResponse>> = {
  ACCESS_DENIED: forbidden('flyte-webhook: the resource policy of its API does not let this network call'),
  WAF_FILTERED: forbidden('flyte-webhook: the web ACL of its API refused the call'),
  // Ten repetitions, a second apart, fit into the registered time-out; no other answer is to be repeated.
  THROTTLED: {
    status: status(429, 'TooManyRequests', 'flyte-webhook: too many calls at once: try again'),
    retryAfterSeconds: 1,
  },
  INTEGRATION_TIMEOUT: { status: status(504, 'Timeout', notAnswering) },
  INTEGRATION_FAILURE: { status: status(503, 'ServiceUnavailable', notAnswering) },
  MISSING_AUTHENTICATION_TOKEN: notFound,
  RESOURCE_NOT_FOUND: notFound,
  DEFAULT_4XX: {
    status: status(400, 'BadRequest', 'flyte-webhook: API Gateway refused the call: its access log says why'),
  },
  DEFAULT_5XX: {
    status: status(500, 'InternalError', 'flyte-webhook: API Gateway failed: its access log says why'),
  },
}

const response = (type: string, { status: body, retryAfterSeconds }: GatewayResponse): Resource => ({
  Type: 'AWS::ApiGateway::GatewayResponse',
  Properties: {
    RestApiId: { Ref: logicalId.api },
    ResponseType: type,
    StatusCode: String(body.code),
    ResponseTemplates: { 'application/json': JSON.stringify(body) },
    ...(retryAfterSeconds === undefined
      ? {}
      : { ResponseParameters: { 'gatewayresponse.header.Retry-After': `'${retryAfterSeconds}'` } }),
  },
})

const pascalCase = (type: string): string =>
  type
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('')
