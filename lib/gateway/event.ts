import type {
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
} from 'aws-lambda'

/** One call, from either kind of API. */
export interface GatewayRequest {
  readonly method: string
  /** Without the query. An HTTP API adds its stage in front, unless it is the default stage. */
  readonly path: string
  readonly contentType: string | undefined
  /** Returns the body. Call it only after the caller is known. */
  readonly readBody: () => string | Uint8Array
  /** API Gateway's id of the call, and Lambda's. */
  readonly requestId?: string | undefined
  readonly lambdaRequestId?: string | undefined
  /** How long the API server waits (`?timeout=`), in its own notation: `15s`. */
  readonly timeout?: string | undefined
  /** When API Gateway got the call, in milliseconds since 1970. */
  readonly receivedMs?: number | undefined
}

/** The answer to a call. */
export interface GatewayAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * An API Gateway proxy event: of a REST API (payload format 1.0) or an HTTP API (2.0). A test event of Lambda's console may
 * lack any field.
 */
export type GatewayEvent = RestEvent | HttpEvent
type RestEvent = Incomplete<APIGatewayProxyEvent>
type HttpEvent = Incomplete<APIGatewayProxyEventV2>
type Incomplete<Event extends { requestContext: object }> = Partial<
  Omit<Event, 'requestContext'> & { readonly requestContext: Partial<Event['requestContext']> }
>

/** The proxy result of an answer, valid for both kinds of API. */
export type GatewayResult = APIGatewayProxyStructuredResultV2 & { readonly body: string }

/**
 * Translates an event and Lambda's id of it, without any decision. An event that API Gateway did not create becomes a call
 * without method and path. Source: API Gateway's documentation of the Lambda proxy integrations.
 */
export const decodeEvent = (event: GatewayEvent, lambdaRequestId?: string): GatewayRequest => ({
  ...(isOfHttpApi(event) ? fromHttpApi(event) : fromRestApi(event)),
  contentType: contentTypeOf(event.headers),
  readBody: () => (event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64') : (event.body ?? '')),
  timeout: event.queryStringParameters?.['timeout'],
  lambdaRequestId,
})

const isOfHttpApi = (event: GatewayEvent): event is HttpEvent => 'version' in event && event.version === '2.0'

const fromHttpApi = ({ rawPath, requestContext }: HttpEvent) => ({
  method: requestContext?.http?.method ?? '',
  path: rawPath ?? '',
  requestId: requestContext?.requestId,
  receivedMs: requestContext?.timeEpoch,
})

const fromRestApi = ({ httpMethod, path, requestContext }: RestEvent) => ({
  method: httpMethod ?? '',
  path: path ?? '',
  requestId: requestContext?.requestId,
  receivedMs: requestContext?.requestTimeEpoch,
})

export const encodeAnswer = ({ status, headers, body }: GatewayAnswer): GatewayResult => ({
  statusCode: status,
  headers,
  body,
  isBase64Encoded: false,
})

/** REST APIs pass header names on unchanged, HTTP APIs in lower case. */
const contentTypeOf = (
  headers: Readonly<Record<string, string | undefined>> | null | undefined,
): string | undefined =>
  Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1]
