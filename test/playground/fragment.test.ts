import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFragment, writeFragment } from '../../infra/playground/page/fragment.ts'
import { emptyState, type State } from '../../infra/playground/page/state.ts'

const text = fc.string({ unit: 'binary', maxLength: 200 })

const states: fc.Arbitrary<State> = fc.record({
  config: text,
  pod: text,
  requests: fc.array(
    fc.record({
      group: text,
      groupVersion: text,
      key: text,
      mountRequirement: fc.constantFrom('ANY', 'ENV_VAR', 'FILE'),
      envVar: text,
    }),
    { maxLength: 4 },
  ),
  globalSecrets: text,
  storedSecrets: text,
  namespace: text,
  user: text,
  cluster: text,
})

/** Encodes any JSON text as a fragment. */
const fragmentOf = (json: string): string => `1.${deflateRawSync(json).toString('base64url')}`

describe('the fragment of a URL', () => {
  it('holds any state', async () => {
    await fc.assert(
      fc.asyncProperty(states, async (state) => {
        expect(await readFragment(await writeFragment(state))).toEqual({ kind: 'state', state })
      }),
    )
  })

  it('needs no escapes in a URL, and survives parsing as one', async () => {
    const fragment = await writeFragment({ ...emptyState, pod: 'grün 🔑 "\'`$(x)' })
    expect(new URL(`http://localhost/#${fragment}`).hash).toBe(`#${fragment}`)
    expect(fragment).toMatch(/^[\w.-]+$/)
  })

  it('is short if nothing changed', async () => {
    expect((await writeFragment(emptyState)).length).toBeLessThan(10)
  })

  it.each([
    { what: 'a text of another origin', fragment: 'main' },
    { what: 'another form', fragment: '2.q1bKTy' },
    { what: 'characters outside base64url', fragment: '1.€€€' },
    { what: 'half of a fragment', fragment: fragmentOf('{"pod":"kind: Pod"}').slice(0, 15) },
    {
      what: 'bytes that are not compressed',
      fragment: `1.${Buffer.from('kind: Pod').toString('base64url')}`,
    },
    { what: 'a text that is not JSON', fragment: fragmentOf('kind: Pod') },
    { what: 'a pod that is not text', fragment: fragmentOf('{"pod":{"kind":"Pod"}}') },
    { what: 'an unknown mount requirement', fragment: fragmentOf('{"requests":[{"mountRequirement":"X"}]}') },
    { what: 'more than any pod holds', fragment: fragmentOf(JSON.stringify({ pod: 'x'.repeat(5e6) })) },
  ])('is refused in one sentence: $what', async ({ fragment }) => {
    expect(await readFragment(fragment)).toEqual({ kind: 'broken', why: expect.stringMatching(/^\w/) })
  })

  it.each(['null', '[]', '"text"', '{"__proto__":{"pod":"x"}}', '{"other":1}'])(
    'that holds %s holds the empty state',
    async (json) => {
      expect(await readFragment(fragmentOf(json))).toEqual({ kind: 'state', state: emptyState })
    },
  )

  it('is read or refused, whatever its text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, fc.json().map(fragmentOf)), async (fragment) => {
        expect(['state', 'broken']).toContain((await readFragment(fragment)).kind)
      }),
    )
  })
})
