import type {
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
} from 'aws-lambda'

/** One call, whichever kind of API it came through. */
export interface GatewayRequest {
  readonly method: string
  /** Without the query; an HTTP API puts its stage in front, unless that is the default one. */
  readonly path: string
  readonly contentType: string | undefined
  /** Gives the body; it is not touched before the caller is known. */
  readonly readBody: () => string | Uint8Array
}

/** What is answered to a call. */
export interface GatewayAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** An API Gateway proxy event: of a REST API (payload format 1.0) or an HTTP API (2.0). */
export type GatewayEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2

/** The proxy result of an answer: right for both kinds of API. */
export type GatewayResult = APIGatewayProxyStructuredResultV2 & { readonly body: string }

/** Translates an event; it decides nothing. Source: API Gateway's documentation of the Lambda proxy integrations. */
export const decodeEvent = (event: GatewayEvent): GatewayRequest => {
  const contentType = contentTypeOf(event.headers)
  const readBody = () =>
    event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64') : (event.body ?? '')
  if (!isOfHttpApi(event)) return { method: event.httpMethod, path: event.path, contentType, readBody }
  return { method: event.requestContext.http.method, path: event.rawPath, contentType, readBody }
}

const isOfHttpApi = (event: GatewayEvent): event is APIGatewayProxyEventV2 =>
  'version' in event && event.version === '2.0'

export const encodeAnswer = ({ status, headers, body }: GatewayAnswer): GatewayResult => ({
  statusCode: status,
  headers,
  body,
  isBase64Encoded: false,
})

/** REST APIs pass on the names of headers as they came, HTTP APIs in lower case. */
const contentTypeOf = (headers: Readonly<Record<string, string | undefined>> | null): string | undefined =>
  Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1]
