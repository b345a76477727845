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
 * A Lambda handler for API Gateway's proxy events, of REST and HTTP APIs alike. The signal aborts shortly before
 * the deadline (`remainingMs`), whatever Lambda itself would allow.
 */
export const createHandler =
  (answer: AnswerCall, now: () => number = Date.now) =>
  async (event: GatewayEvent, context: Context): Promise<GatewayResult> => {
    const request = decodeEvent(event, context.awsRequestId)
    const over = new AbortController()
    const remaining = remainingMs(request, context.getRemainingTimeInMillis(), now())
    const timer = setTimeout(() => over.abort(), remaining - graceMs)
    try {
      return encodeAnswer(await answer(request, over.signal))
    } finally {
      clearTimeout(timer)
    }
  }
