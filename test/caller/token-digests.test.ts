import { describe, expect, it } from 'vitest'
import { WebhookError } from '../../lib/errors.ts'
import { withTokenDigests } from '../../lib/caller/token-digests.ts'

const [a, b, c] = ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)]

describe("the digests of the stack's parameter", () => {
  it.each([
    { what: 'nothing', text: '', all: { production: [a] } },
    { what: 'nothing but separators', text: ' , ,', all: { production: [a] } },
    { what: 'a second slot', text: `production=${b}`, all: { production: [a, b] } },
    { what: 'another cluster', text: `staging=${b}`, all: { production: [a], staging: [b] } },
    { what: 'several, with spaces', text: ` s=${b} , s=${c},\n`, all: { production: [a], s: [b, c] } },
    {
      what: 'one that is known, in capitals',
      text: `production=${'A'.repeat(64)}`,
      all: { production: [a] },
    },
  ])('add $what to those of the configuration', ({ text, all }) => {
    expect(withTokenDigests({ production: [a] }, text)).toEqual(all)
  })

  it.each([
    { what: 'no digest', text: 'production', entry: 1 },
    { what: 'a token in its place', text: `s=${b},production=hunter2`, entry: 2 },
    { what: 'a digest that is too short', text: `production=${'b'.repeat(63)}`, entry: 1 },
    { what: 'a digest that is too long', text: `production=${'b'.repeat(65)}`, entry: 1 },
    { what: 'a cluster that no path can name', text: `a/b=${b}`, entry: 1 },
    { what: 'a cluster in capitals', text: `Production=${b}`, entry: 1 },
    { what: 'a cluster of 64 characters', text: `${'c'.repeat(64)}=${b}`, entry: 1 },
    { what: 'no cluster', text: `=${b}`, entry: 1 },
  ])('are refused with $what, of which nothing is told', ({ text, entry }) => {
    const message = `CALLER_TOKEN_SHA256: entry ${entry} is not <cluster>=<SHA-256 in hex>`
    expect(() => withTokenDigests({}, text)).toThrow(new WebhookError('internal', message))
  })

  it('are two for a cluster at most, with those of the configuration', () => {
    const message = 'CALLER_TOKEN_SHA256: the cluster production has more than two digests'
    expect(() => withTokenDigests({ production: [a] }, `production=${b},production=${c}`)).toThrow(
      new WebhookError('internal', message),
    )
  })
})
