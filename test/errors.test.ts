import { describe, expect, it } from 'vitest'
import { isNonEmpty, unique, unreachable, WebhookError } from '../lib/errors.ts'

describe('a list', () => {
  it('is recognized as empty or not', () => {
    expect([[], [0], [undefined]].map((list) => isNonEmpty(list))).toEqual([false, true, true])
  })

  it('keeps the first occurrence of each element', () => {
    expect(unique(['b', 'a', 'b', 'c', 'a'])).toEqual(['b', 'a', 'c'])
  })
})

describe('a failure', () => {
  it('has a code, and its cause if it has one', () => {
    const cause = new Error('EIO')
    const error = new WebhookError('store-unavailable', 'try again', { cause })
    expect(error).toMatchObject({
      name: 'WebhookError',
      code: 'store-unavailable',
      message: 'try again',
      cause,
    })
    expect('cause' in new WebhookError('internal', 'none')).toBe(false)
  })

  it('names the type of an unhandled case, never its value', () => {
    expect(() => unreachable('hunter2' as never)).toThrow(new WebhookError('internal', 'not handled: string'))
  })
})
