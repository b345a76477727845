import type { APIGatewayProxyEvent, APIGatewayProxyEventV2, Context } from 'aws-lambda'

export interface HttpCall {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly base64?: boolean
  /** The `?timeout=` that the API server sends. */
  readonly timeout?: string
  /** API Gateway's request ID, which a caller can choose. */
  readonly requestId?: string
}

const defaults = {
  method: 'POST',
  path: '/local/token/mutate--v1-pod',
  headers: { 'Content-Type': 'application/json' },
  timeout: '15s',
  requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
}

/** Builds the event that a REST API sends to Lambda: payload format 1.0. */
export const restEvent = (call: HttpCall): APIGatewayProxyEvent => {
  const { method, path, headers, timeout, requestId } = { ...defaults, ...call }
  const [raw = '', isBase64Encoded = false] = [call.body, call.base64]
  return {
    resource: '/{cluster}/{token}/mutate--v1-pod',
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: { timeout },
    multiValueQueryStringParameters: { timeout: [timeout] },
    pathParameters: {},
    stageVariables: null,
    requestContext: {
      stage: 'dev',
      path: `/dev${path}`,
      requestId,
      requestTimeEpoch: Date.now(),
    } as APIGatewayProxyEvent['requestContext'],
    body: call.body === undefined ? null : isBase64Encoded ? Buffer.from(raw).toString('base64') : raw,
    isBase64Encoded,
  }
}

/** Builds the event that an HTTP API sends to Lambda: payload format 2.0. The path includes the stage unless it is `$default`. */
export const httpEvent = (call: HttpCall, stage = '$default'): APIGatewayProxyEventV2 => {
  const { method, path, headers, timeout, requestId } = { ...defaults, ...call }
  const rawPath = stage === '$default' ? path : `/${stage}${path}`
  const [raw = '', isBase64Encoded = false] = [call.body, call.base64]
  return {
    version: '2.0',
    routeKey: 'POST /{cluster}/{token}/mutate--v1-pod',
    rawPath,
    rawQueryString: `timeout=${timeout}`,
    queryStringParameters: { timeout },
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    requestContext: {
      stage,
      http: { method, path: rawPath },
      requestId,
      timeEpoch: Date.now(),
    } as APIGatewayProxyEventV2['requestContext'],
    ...(call.body === undefined ? {} : { body: isBase64Encoded ? Buffer.from(raw).toString('base64') : raw }),
    isBase64Encoded,
  }
}

/** Every way in which a call reaches the function. */
export const eventShapes = [
  { shape: 'REST API', event: restEvent },
  { shape: 'REST API, base64', event: (call: HttpCall) => restEvent({ ...call, base64: true }) },
  { shape: 'HTTP API', event: (call: HttpCall) => httpEvent(call) },
  { shape: 'HTTP API, base64', event: (call: HttpCall) => httpEvent({ ...call, base64: true }) },
  { shape: 'HTTP API below a stage', event: (call: HttpCall) => httpEvent(call, 'dev') },
]

/** Builds Lambda's context of a call. */
export const lambdaContext = (remainingMs = 8000): Context =>
  ({
    getRemainingTimeInMillis: () => remainingMs,
    awsRequestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
  }) as Context
