import { describe, expect, it } from 'vitest'
import { decodeEvent, encodeAnswer } from '../../lib/gateway/event.ts'
import { eventShapes, restEvent } from '../support/events.ts'

describe.each(eventShapes)('an event of the $shape', ({ event }) => {
  it('is a call with method, path, content type and body', () => {
    const path = '/production/token/mutate--v1-pod'
    const headers = { Accept: '*/*', 'Content-Type': 'application/json; charset=utf-8' }
    const { readBody, ...call } = decodeEvent(event({ method: 'PUT', path, headers, body: '{"é":1}' }), 'l')
    expect(call).toEqual({
      timeout: '15s',
      receivedMs: expect.any(Number),
      requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      lambdaRequestId: 'l',
      method: 'PUT',
      path: expect.stringMatching(/^(\/dev)?\/production\/token\/mutate--v1-pod$/),
      contentType: 'application/json; charset=utf-8',
    })
    expect(Buffer.from(readBody()).toString()).toBe('{"é":1}')
  })

  it('without a body is a call with an empty one', () => {
    expect(Buffer.from(decodeEvent(event({})).readBody())).toHaveLength(0)
  })

  it('without headers is a call without a content type', () => {
    expect(decodeEvent(event({ headers: {} })).contentType).toBeUndefined()
  })
})

describe('an event', () => {
  it('of a REST API can have null headers', () => {
    const event = { ...restEvent({}), headers: null as never }
    expect(decodeEvent(event).contentType).toBeUndefined()
  })

  it('keeps bytes that are not text', () => {
    const bytes = Buffer.from([0xff, 0x00, 0x80])
    const event = { ...restEvent({}), body: bytes.toString('base64'), isBase64Encoded: true }
    expect(decodeEvent(event).readBody()).toEqual(bytes)
  })
})

describe('an answer', () => {
  it('is a result with status, headers and a body of text', () => {
    const headers = { 'content-type': 'application/json' }
    expect(encodeAnswer({ status: 503, headers, body: '{}' })).toEqual({
      statusCode: 503,
      headers,
      body: '{}',
      isBase64Encoded: false,
    })
  })
})
