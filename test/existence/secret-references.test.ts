import { describe, expect, it } from 'vitest'
import { secretReferences } from '../../infra/existence/secret-references.ts'
import type { FetchStep, Want } from '../../lib/manager-kit/wants.ts'

const fetching = (step: FetchStep): Want => ({
  kind: 'fetch',
  identity: 'i',
  name: 'v',
  mountPath: '/m',
  step,
})
const token = { secretKeyRef: { name: 'login', key: 'token' } }

describe('the Secrets that wants refer to', () => {
  it.each<{ what: string; want: Want; refers: readonly string[] }>([
    {
      what: 'the sources of a variable, any of which suffices',
      want: {
        kind: 'variable',
        name: 'V',
        sources: [
          { kind: 'secretKeyRef', name: 'a', key: 'k' },
          { kind: 'secretKeyRef', name: 'b', key: 'l' },
        ],
      },
      refers: ['a/k b/l'],
    },
    {
      what: 'the volume of a Secret',
      want: {
        kind: 'secretVolume',
        name: 'v',
        secretName: 'a',
        mountPath: '/m',
        item: { key: 'K', path: 'k' },
      },
      refers: ['a/K'],
    },
    {
      what: 'the sources that an init container copies',
      want: fetching({
        volumes: [{ kind: 'secret', name: 'v', secretName: 'a', items: [{ key: 'k', path: 'value' }] }],
      }),
      refers: ['a/k'],
    },
    {
      what: 'none in the token that an init container uses',
      want: fetching({ env: [{ name: 'TOKEN', valueFrom: token }] }),
      refers: [],
    },
    {
      what: 'none in a plain variable',
      want: { kind: 'variable', name: 'V', sources: [{ kind: 'literal', value: 'x' }] },
      refers: [],
    },
  ])('are $what', ({ want, refers }) => {
    const lists = secretReferences([want]).map((list) =>
      list.map(({ name, key }) => `${name}/${key}`).join(' '),
    )
    expect(lists).toEqual(refers)
  })
})
