import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SecretValue, textOf } from '../lib/secret-value.ts'

const value = new SecretValue('hunter2')

describe('a secret value', () => {
  it('is revealed only by its method', () => {
    expect(value.reveal()).toBe('hunter2')
  })

  it.each([
    { how: 'as text', shown: `${value}` },
    { how: 'joined to text', shown: 'value: ' + value },
    { how: 'as JSON', shown: JSON.stringify({ env: [value] }) },
    { how: 'inspected', shown: inspect(value) },
    { how: 'inspected in depth', shown: inspect({ deep: [value] }, { depth: 9, showHidden: true }) },
    { how: 'in a message', shown: String(new Error(`no ${value}`)) },
  ])('shows as [redacted] $how', ({ shown }) => {
    expect(shown).toContain('[redacted]')
    expect(shown).not.toContain('hunter2')
  })

  it('has no property that holds the text', () => {
    expect(Reflect.ownKeys(value)).toEqual([])
    expect(JSON.stringify(structuredClone(value))).toBe('{}')
  })

  it('and plain text both yield their text', () => {
    expect([value, 'plain'].map(textOf)).toEqual(['hunter2', 'plain'])
  })
})
