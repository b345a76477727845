import type { Context } from 'aws-lambda'
import type { GatewayEvent } from './event.ts'

/** Kept back for the way of the answer to the API server, and for Lambda to hand it over. */
export const marginMs = 500

/** `timeoutSeconds` is a whole number from 1 to 30, which the API server writes as a Go duration: `15s`. */
const timeout = /^(?<seconds>[0-9]{1,3})s$/

/**
 * How many milliseconds are left for the answer, without the margin: what the API server waits (`?timeout=`, counted
 * from when the gateway got the call) or what Lambda allows, whichever ends first (specification §5). A call that the
 * API server repeats says the same time-out again, although less of it is left.
 */
export const remainingMs = (
  event: GatewayEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  nowMs: number,
): number => {
  const lambda = context.getRemainingTimeInMillis()
  const seconds = timeout.exec(timeoutOf(event))?.groups?.['seconds']
  const apiServer = receivedMs(event) + Number(seconds) * 1000 - nowMs
  return (Number.isNaN(apiServer) ? lambda : Math.min(lambda, apiServer)) - marginMs
}

const timeoutOf = (event: GatewayEvent): string => event.queryStringParameters?.['timeout'] ?? ''

/** When API Gateway got the call, in milliseconds since 1970: `requestTimeEpoch` of REST APIs, `timeEpoch` of HTTP APIs. */
const receivedMs = ({ requestContext }: GatewayEvent): number =>
  'timeEpoch' in requestContext ? requestContext.timeEpoch : requestContext.requestTimeEpoch
