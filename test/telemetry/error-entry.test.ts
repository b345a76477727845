import { describe, expect, it } from 'vitest'
import { WebhookError } from '../../lib/errors.ts'
import { errorEntry } from '../../lib/telemetry/error-entry.ts'

const hidden = 'hunter2'

describe('the log entry of a failure', () => {
  it("has message and place of the project's own error", () => {
    const error = errorEntry(new WebhookError('internal', 'not handled: string'))
    expect(error).toMatchObject({ name: 'WebhookError', message: 'not handled: string' })
    expect(error.stack[0]).toMatch(/^at .*error-entry\.test\.ts:\d+:\d+/)
    expect(error.stack.filter((line) => !/^at .*$/.test(line))).toEqual([])
  })

  it('has only name and place of a foreign error', () => {
    const error = errorEntry(new TypeError(`cannot read ${hidden}`))
    expect(Object.keys(error)).toEqual(['name', 'stack'])
    expect(error.name).toBe('TypeError')
    expect(error.stack[0]).toMatch(/error-entry\.test\.ts/)
  })

  it('leaves out lines of the message that look like places', () => {
    const error = errorEntry(new Error(`odd\n    at ${hidden} (value:1:1)\n    at ${hidden}`))
    expect(error.stack[0]).toMatch(/error-entry\.test\.ts/)
    expect(JSON.stringify(error)).not.toContain(hidden)
  })

  it('leaves out a thrown value that is not an error', () => {
    expect(errorEntry(hidden)).toEqual({ name: 'string', stack: [] })
  })

  it.each([
    { what: "Node's own", code: 'ERR_INVALID_ARG_VALUE', logged: { code: 'ERR_INVALID_ARG_VALUE' } },
    { what: 'any text', code: 'Hunter2', logged: {} },
    { what: 'a text that only begins like one', code: 'EIO hunter2', logged: {} },
    { what: 'a number', code: 2, logged: {} },
  ])('logs for a code that is $what: $logged', ({ code, logged }) => {
    const { stack: _, ...told } = errorEntry(Object.assign(new Error(), { code }))
    expect(told).toEqual({ name: 'Error', ...logged })
  })

  it('has the place of an error without a message', () => {
    expect(errorEntry(new Error()).stack[0]).toMatch(/error-entry\.test\.ts/)
  })

  it('has no place if the error has none', () => {
    const error = new Error('odd')
    delete error.stack
    expect(errorEntry(error)).toEqual({ name: 'Error', stack: [] })
  })

  it('follows at most five causes', () => {
    const chain = (length: number): Error =>
      new WebhookError('internal', `${length}`, length === 0 ? {} : { cause: chain(length - 1) })
    const messages: unknown[] = []
    for (
      let entry: { message?: string; cause?: object } | undefined = errorEntry(chain(9));
      entry;
      entry = entry.cause
    ) {
      messages.push(entry.message)
    }
    expect(messages).toEqual(['9', '8', '7', '6', '5', '4'])
  })
})
