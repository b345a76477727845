import { describe, expect, it } from 'vitest'
import type { GatewayAnswer, GatewayRequest } from '../../lib/gateway/event.ts'
import { type AnswerCall, createHandler } from '../../lib/gateway/handler.ts'
import { lambdaContext, restEvent } from '../support/events.ts'
import { webhookIn } from '../support/webhook.ts'

const answerOf = (status: number): GatewayAnswer => ({ status, headers: {}, body: `${status}` })

/** Sends one call through a handler, with this much of Lambda's time left. */
const send = async (answer: AnswerCall, lambdaMs: number) => {
  const event = restEvent({ body: '{}' })
  const handler = createHandler(answer, () => event.requestContext.requestTimeEpoch)
  return handler(event, lambdaContext(lambdaMs))
}

describe('the Lambda handler', () => {
  it('passes on the call and returns the answer', async () => {
    const calls: GatewayRequest[] = []
    const answer: AnswerCall = async (request) => {
      calls.push(request)
      return answerOf(200)
    }
    expect(await send(answer, 10_000)).toMatchObject({ statusCode: 200, body: '200' })
    expect(calls).toMatchObject([{ method: 'POST' }])
    expect(calls[0]?.readBody()).toBe('{}')
  })

  it('aborts a waiting call when the time is up, and returns its answer', async () => {
    const answer: AnswerCall = (_request, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(answerOf(503)))
      })
    expect(await send(answer, 600)).toMatchObject({ statusCode: 503, body: '503' })
  })

  it.each([
    ['nothing', {}],
    ["the template of Lambda's console", { key1: 'value1', key2: 'value2', key3: 'value3' }],
    ['a part of an event', { version: '2.0', requestContext: {} }],
  ])('answers 404 to a test event with %s', async (_, event) => {
    const { webhook, records } = webhookIn({})
    const answer = await createHandler(webhook)(event as never, lambdaContext())
    expect(answer).toMatchObject({ statusCode: 404 })
    expect(records).toMatchObject([{ outcome: 'refused-caller', status: 404 }])
  })
})
