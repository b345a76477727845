import { describe, expect, it } from 'vitest'
import { WebhookError } from '../../lib/errors.ts'
import { withTokenDigests } from '../../lib/caller/token-digests.ts'

const [a, b, c] = ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)]

describe("the digests of the stack's parameter", () => {
  it.each([
    { what: 'nothing', text: '', all: { production: [a] } },
    { what: 'only separators', text: ' , ,', all: { production: [a] } },
    { what: 'a second slot', text: `production=${b}`, all: { production: [a, b] } },
    { what: 'another cluster', text: `staging=${b}`, all: { production: [a], staging: [b] } },
    { what: 'several, with spaces', text: ` s=${b} , s=${c},\n`, all: { production: [a], s: [b, c] } },
    {
      what: 'a known one in upper case',
      text: `production=${'A'.repeat(64)}`,
      all: { production: [a] },
    },
  ])('add $what to those of the configuration', ({ text, all }) => {
    expect(withTokenDigests({ production: [a] }, text)).toEqual(all)
  })

  it.each([
    { what: 'no digest', text: 'production', entry: 1 },
    { what: 'a token instead of a digest', text: `s=${b},production=hunter2`, entry: 2 },
    { what: 'a short digest', text: `production=${'b'.repeat(63)}`, entry: 1 },
    { what: 'a long digest', text: `production=${'b'.repeat(65)}`, entry: 1 },
    { what: 'a cluster that cannot be in a path', text: `a/b=${b}`, entry: 1 },
    { what: 'a cluster in upper case', text: `Production=${b}`, entry: 1 },
    { what: 'a cluster of 64 characters', text: `${'c'.repeat(64)}=${b}`, entry: 1 },
    { what: 'no cluster', text: `=${b}`, entry: 1 },
  ])('are refused with $what, which the error does not repeat', ({ text, entry }) => {
    const message = `CALLER_TOKEN_SHA256: entry ${entry} is not <cluster>=<SHA-256 in hex>`
    expect(() => withTokenDigests({}, text)).toThrow(new WebhookError('internal', message))
  })

  it('are at most two for a cluster, including those of the configuration', () => {
    const message = 'CALLER_TOKEN_SHA256: the cluster production has more than two digests'
    expect(() => withTokenDigests({ production: [a] }, `production=${b},production=${c}`)).toThrow(
      new WebhookError('internal', message),
    )
  })
})
