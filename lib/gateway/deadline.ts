import type { GatewayRequest } from './event.ts'

/** Reserved for the return of the answer to the API server, and for Lambda to deliver it. */
export const marginMs = 500

/** `timeoutSeconds` is a whole number from 1 to 30, which the API server writes as a Go duration: `15s`. */
const goSeconds = /^(?<seconds>[0-9]{1,3})s$/

/**
 * The milliseconds that are left for the answer, without the margin: what the API server waits (`?timeout=`, counted
 * from when the gateway got the call) or what Lambda allows, whichever ends first (specification §5). If the API server repeats
 * a call, it sends the same time-out again, although less of it is left.
 */
export const remainingMs = (
  { timeout, receivedMs }: Pick<GatewayRequest, 'timeout' | 'receivedMs'>,
  lambdaMs: number,
  nowMs: number,
): number => {
  const seconds = goSeconds.exec(timeout ?? '')?.groups?.['seconds']
  const apiServerMs = Number(receivedMs) + Number(seconds) * 1000 - nowMs
  return (Number.isNaN(apiServerMs) ? lambdaMs : Math.min(lambdaMs, apiServerMs)) - marginMs
}
