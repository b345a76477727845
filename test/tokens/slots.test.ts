import { describe, expect, it } from 'vitest'
import { takenSlots, withFirst, withoutOne, withSecond } from '../../infra/tokens/slots.ts'
import { withTokenDigests } from '../../lib/caller/token-digests.ts'

const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string]
const homes = (parameter: string, configured: Readonly<Record<string, readonly string[]>> = {}) => ({
  configured,
  parameter,
})

describe('the slots of tokens', () => {
  it('are those of the configuration and the parameter together, older first', () => {
    expect(takenSlots(homes(`eu=${b}, us=${c}`, { eu: [a] }))).toEqual([
      { cluster: 'eu', slot: 1, sha256: a, home: 'configuration' },
      { cluster: 'eu', slot: 2, sha256: b, home: 'parameter' },
      { cluster: 'us', slot: 1, sha256: c, home: 'parameter' },
    ])
  })

  it('rotate in turn, and the function accepts each parameter on the way', () => {
    const created = withFirst(homes(`us=${c}`), 'eu', a)
    const rotated = withSecond(homes(created), 'eu', b)
    const retired = withoutOne(homes(rotated), 'eu', undefined)
    expect([created, rotated, retired]).toEqual([
      `us=${c},eu=${a}`,
      `us=${c},eu=${a},eu=${b}`,
      `us=${c},eu=${b}`,
    ])
    for (const parameter of [created, rotated, retired])
      expect(withTokenDigests({}, parameter)).toHaveProperty('eu')
  })

  it('also work for names of inherited properties', () => {
    expect(withFirst(homes(''), 'constructor', a)).toBe(`constructor=${a}`)
  })

  it('lose the named token, even the newer or the last one', () => {
    expect(withoutOne(homes(`eu=${a},eu=${b}`), 'eu', 'BBBBBBBB')).toBe(`eu=${a}`)
    expect(withoutOne(homes(`eu=${a}`), 'eu', a.slice(0, 8))).toBe('')
  })

  it.each([
    {
      what: 'a first token for a cluster that has one',
      act: () => withFirst(homes(`eu=${a}`), 'eu', b),
      says: 'rotate',
    },
    {
      what: 'a first token for a cluster that has one in the configuration',
      act: () => withFirst(homes('', { eu: [a] }), 'eu', b),
      says: 'rotate',
    },
    {
      what: 'a next token for a cluster that has none',
      act: () => withSecond(homes(''), 'eu', b),
      says: 'create',
    },
    {
      what: 'a third token',
      act: () => withSecond(homes(`eu=${b}`, { eu: [a] }), 'eu', c),
      says: 'retire',
    },
    {
      what: 'to remove a missing token',
      act: () => withoutOne(homes(''), 'eu', undefined),
      says: 'no token',
    },
    {
      what: 'to remove the only token unless it is named',
      act: () => withoutOne(homes(`eu=${a}`), 'eu', undefined),
      says: '--digest',
    },
    {
      what: 'to remove by an ambiguous prefix',
      act: () => withoutOne(homes(`eu=${a},eu=${a.slice(8)}bbbbbbbb`), 'eu', 'aaaaaaaa'),
      says: 'more than one digest',
    },
    ...['', 'aaaaaaa', 'aaaaaaag', `${a}a`].map((prefix) => ({
      what: `to remove the digest ${JSON.stringify(prefix)}, which names none`,
      act: () => withoutOne(homes(`eu=${a}`), 'eu', prefix),
      says: 'at least its first 8 hex digits',
    })),
    {
      what: 'to remove a token of the configuration',
      act: () => withoutOne(homes(`eu=${b}`, { eu: [a] }), 'eu', undefined),
      says: 'delete it there, at function.callers.clusters.eu.tokenSha256',
    },
    {
      what: 'a cluster that no URL can name',
      act: () => withFirst(homes(''), 'a/b', a),
      says: '1 to 63 lower-case letters, digits and hyphens',
    },
    {
      what: 'a cluster in capitals',
      act: () => withFirst(homes(''), 'Prod', a),
      says: '"Prod" is not a valid name of a cluster in a URL',
    },
    {
      what: 'a malformed parameter',
      act: () => takenSlots(homes('eu')),
      says: '--digests: entry 1',
    },
  ])('refuse $what', ({ act, says }) => {
    expect(act).toThrow(says)
  })
})
