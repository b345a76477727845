import middy from '@middy/core'
import {
  decodeEvent,
  encodeAnswer,
  type GatewayAnswer,
  type GatewayEvent,
  type GatewayRequest,
} from './event.ts'

/** What answers calls. */
export interface Answering {
  readonly handle: (request: GatewayRequest, signal: AbortSignal) => Promise<GatewayAnswer>
  /** The answer to a call whose time has run out. */
  readonly outOfTime: () => GatewayAnswer
}

/** Kept back of Lambda's time-out, so that the answer still goes out. */
const timeoutEarlyInMillis = 500

/** A Lambda handler for API Gateway's proxy events, of REST and HTTP APIs alike. It answers before Lambda's time-out. */
export const createHandler = ({ handle, outOfTime }: Answering) =>
  middy<GatewayEvent>({
    timeoutEarlyInMillis,
    timeoutEarlyResponse: () => encodeAnswer(outOfTime()),
  }).handler(async (event: GatewayEvent, _context: unknown, { signal }: { readonly signal: AbortSignal }) =>
    encodeAnswer(await handle(decodeEvent(event), signal)),
  )
