import { describe, expect, it } from 'vitest'
import { WebhookError } from '../../lib/errors.ts'
import { failureEntry } from '../../lib/telemetry/failure-log.ts'
import { createLog } from '../../lib/telemetry/log.ts'

const hidden = 'hunter2'

describe('what is logged of a failure', () => {
  it("is the message of the project's own error, and the place", () => {
    const { level, message, error } = failureEntry(new WebhookError('internal', 'not handled: string'))
    expect({ level, message }).toEqual({ level: 'ERROR', message: 'request failed' })
    expect(error).toMatchObject({ name: 'WebhookError', message: 'not handled: string' })
    expect(error.stack[0]).toMatch(/^at .*failure-log\.test\.ts:\d+:\d+/)
    expect(error.stack.filter((line) => !/^at .*$/.test(line))).toEqual([])
  })

  it('is only name and place of a foreign error', () => {
    const { error } = failureEntry(new TypeError(`cannot read ${hidden}`))
    expect(Object.keys(error)).toEqual(['name', 'stack'])
    expect(error.name).toBe('TypeError')
    expect(error.stack[0]).toMatch(/failure-log\.test\.ts/)
  })

  it('leaves out lines of the message that look like places', () => {
    const { error } = failureEntry(new Error(`odd\n    at ${hidden} (value:1:1)\n    at ${hidden}`))
    expect(error.stack[0]).toMatch(/failure-log\.test\.ts/)
    expect(JSON.stringify(error)).not.toContain(hidden)
  })

  it('leaves out what is thrown and no error', () => {
    expect(failureEntry(hidden).error).toEqual({ name: 'string', stack: [] })
  })

  it.each([
    { what: "Node's own", code: 'ERR_INVALID_ARG_VALUE', logged: { code: 'ERR_INVALID_ARG_VALUE' } },
    { what: 'any text', code: 'Hunter2', logged: {} },
    { what: 'a text that only begins so', code: 'EIO hunter2', logged: {} },
    { what: 'a number', code: 2, logged: {} },
  ])('tells a code that is $what: $logged', ({ code, logged }) => {
    const { stack: _, ...told } = failureEntry(Object.assign(new Error(), { code })).error
    expect(told).toEqual({ name: 'Error', ...logged })
  })

  it('has the place of an error without a message', () => {
    expect(failureEntry(new Error()).error.stack[0]).toMatch(/failure-log\.test\.ts/)
  })

  it('has no place where the error has none', () => {
    const error = new Error('odd')
    delete error.stack
    expect(failureEntry(error).error).toEqual({ name: 'Error', stack: [] })
  })

  it('goes down the causes, five at the most', () => {
    const chain = (length: number): Error =>
      new WebhookError('internal', `${length}`, length === 0 ? {} : { cause: chain(length - 1) })
    const messages: unknown[] = []
    for (
      let entry: { message?: string; cause?: object } | undefined = failureEntry(chain(9)).error;
      entry;
      entry = entry.cause
    ) {
      messages.push(entry.message)
    }
    expect(messages).toEqual(['9', '8', '7', '6', '5', '4'])
  })
})

describe('the log', () => {
  it('is one line of JSON an entry', () => {
    const lines: string[] = []
    const log = createLog((line) => lines.push(line))
    const entry = failureEntry('odd')
    log(entry)
    log(entry)
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^[^\n]*\n$/)
    expect(JSON.parse(lines[0] ?? '')).toEqual(entry)
  })
})
