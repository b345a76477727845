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

/** Answers a call. After the signal aborts, it has `graceMs` to end. */
export type AnswerCall = (request: GatewayRequest, signal: AbortSignal) => Promise<GatewayAnswer>

/** The time in milliseconds that an aborted call has to finish: a better answer may already exist. */
export const graceMs = 50

/**
 * A Lambda handler for API Gateway's proxy events of REST and HTTP APIs. The signal aborts shortly before
 * the deadline (`remainingMs`), even if Lambda would allow more time.
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
