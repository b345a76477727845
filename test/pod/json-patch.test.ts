import { describe, expect, it } from 'vitest'
import { append, pointerToken, prepend } from '../../lib/pod/json-patch.ts'
import { applied } from './pods.ts'

describe('values for an array', () => {
  it.each([
    { what: 'at the end of an existing array', place: append, before: ['a', 'b'], after: ['a', 'b', 1, 2] },
    { what: 'at the end of an empty array', place: append, before: [], after: [1, 2] },
    {
      what: 'at the front of an existing array',
      place: prepend,
      before: ['a', 'b'],
      after: [1, 2, 'a', 'b'],
    },
    { what: 'at the front of an empty array', place: prepend, before: [], after: [1, 2] },
  ])('are added in order $what', ({ place, before, after }) => {
    expect(applied({ list: before }, place('/list', before, [1, 2]))).toEqual({ list: after })
  })

  it.each([
    { what: 'missing', place: append, before: {} },
    { what: 'null', place: append, before: { list: null } },
    { what: 'missing', place: prepend, before: {} },
    { what: 'null', place: prepend, before: { list: null } },
  ])('create an array that is $what', ({ place, before }) => {
    expect(applied(before, place('/list', undefined, [1, 2]))).toEqual({ list: [1, 2] })
  })

  it('are added one by one, to keep what others add', () => {
    expect(append('/list', ['a'], [1, 2]).map(({ path }) => path)).toEqual(['/list/-', '/list/-'])
    expect(prepend('/list', ['a'], [1, 2]).map(({ path }) => path)).toEqual(['/list/0', '/list/0'])
  })

  it.each([append, prepend])('change nothing if empty', (place) => {
    expect(place('/list', undefined, [])).toEqual([])
    expect(place('/list', ['a'], [])).toEqual([])
  })
})

describe('a step of a JSON pointer', () => {
  it.each([
    { key: 'vault.hashicorp.com/role', step: 'vault.hashicorp.com~1role' },
    { key: '~/~1', step: '~0~1~01' },
    { key: 'a/b/c', step: 'a~1b~1c' },
    { key: 'plain', step: 'plain' },
  ])('is $step for $key', ({ key, step }) => {
    expect(pointerToken(key)).toBe(step)
    expect(applied({}, [{ op: 'add', path: `/${step}`, value: 1 }])).toEqual({ [key]: 1 })
  })
})
