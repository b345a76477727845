import { describe, expect, it } from 'vitest'
import type { GatewayAnswer, GatewayRequest } from '../../lib/gateway/event.ts'
import { type Answering, createHandler } from '../../lib/gateway/handler.ts'
import { restEvent } from '../support/events.ts'

const answerOf = (status: number): GatewayAnswer => ({ status, headers: {}, body: `${status}` })

/** Sends one call through a handler of which Lambda says how much time is left. */
const send = async (handle: Answering['handle'], remainingMs: number) => {
  const handler = createHandler({ handle, outOfTime: () => answerOf(503) })
  const context = { getRemainingTimeInMillis: () => remainingMs }
  return handler(restEvent({ body: '{}' }) as never, context as never)
}

describe('the Lambda handler', () => {
  it('hands the call on and the answer back', async () => {
    const calls: GatewayRequest[] = []
    const handle: Answering['handle'] = async (request) => {
      calls.push(request)
      return answerOf(200)
    }
    expect(await send(handle, 10_000)).toMatchObject({ statusCode: 200, body: '200' })
    expect(calls).toMatchObject([{ method: 'POST', body: '{}' }])
  })

  it('answers half a second before Lambda ends it, and tells what waits', async () => {
    const aborted = Promise.withResolvers<void>()
    const handle: Answering['handle'] = (_request, signal) => {
      signal.addEventListener('abort', () => aborted.resolve())
      return new Promise(() => {})
    }
    expect(await send(handle, 520)).toMatchObject({ statusCode: 503, body: '503' })
    await aborted.promise
  })
})
