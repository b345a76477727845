import { describe, expect, it } from 'vitest'
import { takenSlots, withFirst, withoutOne, withSecond } from '../../infra/tokens/slots.ts'
import { withTokenDigests } from '../../lib/caller/token-digests.ts'

const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string]
const homes = (parameter: string, configured: Readonly<Record<string, readonly string[]>> = {}) => ({
  configured,
  parameter,
})

describe('the slots of tokens', () => {
  it('are those of the configuration and of the parameter together, the older first', () => {
    expect(takenSlots(homes(`eu=${b}, us=${c}`, { eu: [a] }))).toEqual([
      { cluster: 'eu', slot: 1, sha256: a, home: 'configuration' },
      { cluster: 'eu', slot: 2, sha256: b, home: 'parameter' },
      { cluster: 'us', slot: 1, sha256: c, home: 'parameter' },
    ])
  })

  it('are exchanged in turn, and the function takes each parameter on the way', () => {
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

  it('are also taken by names that every object has', () => {
    expect(withFirst(homes(''), 'constructor', a)).toBe(`constructor=${a}`)
  })

  it('lose the one that is named, also the newer, also the last', () => {
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
      what: 'to take away what is not there',
      act: () => withoutOne(homes(''), 'eu', undefined),
      says: 'no token',
    },
    {
      what: 'to take away the only token unless it is named',
      act: () => withoutOne(homes(`eu=${a}`), 'eu', undefined),
      says: '--digest',
    },
    {
      what: 'to take away what no digest or more than one begins with',
      act: () => withoutOne(homes(`eu=${a},eu=${a.slice(8)}bbbbbbbb`), 'eu', 'aaaaaaaa'),
      says: 'more than one digest',
    },
    ...['', 'aaaaaaa', 'aaaaaaag', `${a}a`].map((prefix) => ({
      what: `to take away the digest ${JSON.stringify(prefix)}, which names none`,
      act: () => withoutOne(homes(`eu=${a}`), 'eu', prefix),
      says: 'at least its first 8 hex digits',
    })),
    {
      what: 'to take away what stands in the configuration',
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
      says: '"Prod" cannot be the name of a cluster in a URL',
    },
    {
      what: 'a parameter that is no such text',
      act: () => takenSlots(homes('eu')),
      says: '--digests: entry 1',
    },
  ])('refuse $what', ({ act, says }) => {
    expect(act).toThrow(says)
  })
})
