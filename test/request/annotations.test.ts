import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSecretRequests } from '../../lib/request/annotations.ts'
import { annotationOf } from '../support/annotation.ts'

const prefix = 'flyte.secrets/s'
const secret = annotationOf({ group: 'db', key: 'password' })

/** Returns the indices of the requests in the order in which they are served. */
const served = (indices: readonly string[]): readonly string[] => {
  const { names, requests } = readSecretRequests(
    Object.fromEntries(indices.map((index) => [`${prefix}${index}`, secret])),
  )
  expect(requests.map(({ annotation }) => annotation)).toEqual(names)
  return names.map((name) => name.slice(prefix.length))
}

describe('the requests among annotations', () => {
  it('are those that begin with flyte.secrets/s, and no others', () => {
    const { requests, refusals } = readSecretRequests({
      'flyte.secrets/s0': secret,
      'flyte.secrets/t1': 'not base32!',
      'kubernetes.io/s0': 'not base32!',
    })
    expect(refusals).toEqual([])
    expect(requests).toEqual([
      {
        annotation: 'flyte.secrets/s0',
        group: 'db',
        groupVersion: '',
        key: 'password',
        mountRequirement: 'ANY',
        envVar: '',
      },
    ])
  })

  it.each([
    { what: 'by number, not by letter', indices: ['10', '9', '100'], order: ['9', '10', '100'] },
    {
      what: 'by name if numbers are equal',
      indices: ['1', '01', '0', '00'],
      order: ['0', '00', '01', '1'],
    },
    { what: 'by name after all numbers', indices: ['b', '7', 'a', ''], order: ['7', '', 'a', 'b'] },
    {
      what: 'by name if they have a sign or a point',
      indices: ['-1', '1.5', '3'],
      order: ['3', '-1', '1.5'],
    },
    {
      what: 'by number beyond the safe integers',
      indices: ['9007199254740993', '9007199254740992'],
      order: ['9007199254740992', '9007199254740993'],
    },
  ])('are served $what', ({ indices, order }) => {
    expect(served(indices)).toEqual(order)
  })

  it('are sorted quickly, however many zeros an index begins with', () => {
    const zeros = '0'.repeat(100_000)
    const start = performance.now()
    expect(served([`${zeros}x`, `${zeros}7`, `${zeros}1`])).toEqual([`${zeros}1`, `${zeros}7`, `${zeros}x`])
    // A search that restarts at each zero takes half a minute.
    expect(performance.now() - start).toBeLessThan(1000)
  })

  it('are served in the same order, whatever the order of the annotations', () => {
    const indices = ['0', '00', '1', '2', '10', '010', 'x', 'X', '', '1a']
    const order = served(indices)
    fc.assert(
      fc.property(fc.shuffledSubarray(indices, { minLength: indices.length }), (shuffled) => {
        expect(served(shuffled)).toEqual(order)
      }),
    )
  })

  it('are read beside a broken one, which is refused with the reason and its place', () => {
    const { requests, refusals } = readSecretRequests({
      'flyte.secrets/s1': 'nm9',
      'flyte.secrets/s0': secret,
    })
    expect(requests).toMatchObject([{ annotation: 'flyte.secrets/s0' }])
    expect(refusals).toEqual([
      {
        by: ['flyte.secrets/s1'],
        what: 'the request',
        why: 'not base32: expected a-z or 1-6 (at offset 2)',
      },
    ])
  })

  it('can be 256, and are refused together if there is one more', () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => String(index))
    expect(served(names(256))).toHaveLength(256)
    const many = Object.fromEntries(names(257).map((index) => [`${prefix}${index}`, 'not base32!']))
    expect(readSecretRequests(many)).toEqual({
      names: names(257).map((index) => `${prefix}${index}`),
      requests: [],
      refusals: [
        {
          by: ['flyte.secrets/s0'],
          what: 'all annotations flyte.secrets/s…',
          why: 'the pod asks for 257 secrets, but the limit is 256',
        },
      ],
    })
  })
})
