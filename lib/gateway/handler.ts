import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { remainingMs } from './deadline.ts'
import {
  decodeEvent,
  encodeAnswer,
  type GatewayAnswer,
  type GatewayEvent,
  type GatewayRequest,
  type GatewayResult,
} from './event.ts'

/** Answers a call. When the signal aborts it has `graceMs` to end. */
export type AnswerCall = (request: GatewayRequest, signal: AbortSignal) => Promise<GatewayAnswer>

/** What is cut off has this long to notice it, in milliseconds: the better answer may be there already. */
export const graceMs = 50

/**
 * A Lambda handler for API Gateway's proxy events, of REST and HTTP APIs alike. middy aborts the signal shortly before
 * the deadline (`remainingMs`), whatever Lambda itself would allow.
 */
export const createHandler = (answer: AnswerCall, now: () => number = Date.now) => {
  const answerInTime = middy<GatewayEvent>({
    timeoutEarlyInMillis: graceMs,
    // The answer itself ends in time; middy's own would know nothing of the call.
    timeoutEarlyResponse: () => new Promise(() => {}),
  }).handler(async (event: GatewayEvent, _context: unknown, { signal }: { readonly signal: AbortSignal }) =>
    encodeAnswer(await answer(decodeEvent(event), signal)),
  )
  return (event: GatewayEvent, context: Context): Promise<GatewayResult> =>
    answerInTime(event, { ...context, getRemainingTimeInMillis: () => remainingMs(event, context, now()) })
}
