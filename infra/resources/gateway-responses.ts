import { type Status, status, statusOf } from '../../lib/admission/status.ts'
import { WebhookError } from '../../lib/errors.ts'
import type { Fragment, Resource } from './fragment.ts'
import { logicalId } from './fragment.ts'

/**
 * Returns what API Gateway answers in place of the function: Kubernetes `Status` objects, because the API server shows the
 * user no other message (specification §6). They do not quote the request. The types come from "Gateway response types" in
 * API Gateway's documentation. The answer to a body over 10 MB cannot be changed, and no API server sends one.
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

/** The answer to a path that API Gateway does not know: the same as the function's. */
const notFound: GatewayResponse = { status: statusOf(new WebhookError('not-found', 'no such path')) }

const notAnswering = 'flyte-webhook: the function did not answer: try again'

const answers: Readonly<Record<string, GatewayResponse>> = {
  ACCESS_DENIED: forbidden(
    'flyte-webhook: the resource policy of its API does not allow calls from this network',
  ),
  WAF_FILTERED: forbidden('flyte-webhook: the web ACL of its API refused the call'),
  // Ten retries, a second apart, fit into the registered time-out. No other answer asks for a retry.
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
