import { describe, expect, it } from 'vitest'
import { marginMs, remainingMs } from '../../lib/gateway/deadline.ts'
import { decodeEvent, type GatewayEvent } from '../../lib/gateway/event.ts'
import { httpEvent, restEvent } from '../support/events.ts'

const receivedMs = 1_000_000
const rest = restEvent({})
const http = httpEvent({})
const shapes: { shape: string; eventWith: (timeout?: string) => GatewayEvent }[] = [
  {
    shape: 'REST API',
    eventWith: (timeout) => ({
      ...rest,
      queryStringParameters: timeout === undefined ? null : { timeout },
      requestContext: { ...rest.requestContext, requestTimeEpoch: receivedMs },
    }),
  },
  {
    shape: 'HTTP API',
    eventWith: (timeout) => ({
      ...http,
      queryStringParameters: timeout === undefined ? {} : { timeout },
      requestContext: { ...http.requestContext, timeEpoch: receivedMs },
    }),
  },
]

describe.each(shapes)('the time that is left for a call of the $shape', ({ eventWith }) => {
  const left = (lambdaMs: number, timeout?: string, laterMs = 0): number =>
    remainingMs(decodeEvent(eventWith(timeout)), lambdaMs, receivedMs + laterMs)

  it.each([
    { what: 'the API server’s time-out', lambdaMs: 60_000, timeout: '15s', ms: 15_000 },
    { what: 'Lambda’s time if that is less', lambdaMs: 9000, timeout: '15s', ms: 9000 },
    { what: 'Lambda’s time if the call names none', lambdaMs: 9000, timeout: undefined, ms: 9000 },
    { what: 'Lambda’s time if the unit is not seconds', lambdaMs: 9000, timeout: '1m', ms: 9000 },
    { what: 'Lambda’s time if the value is not a whole number', lambdaMs: 9000, timeout: '1.5s', ms: 9000 },
  ])('is $what, less the margin', ({ lambdaMs, timeout, ms }) => {
    expect(left(lambdaMs, timeout)).toBe(ms - marginMs)
  })

  it('starts when the gateway receives the call', () => {
    expect(left(60_000, '15s', 4000)).toBe(11_000 - marginMs)
    expect(left(60_000, '1s', 4000)).toBeLessThan(0)
  })
})
