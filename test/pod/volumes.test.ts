import { describe, expect, it } from 'vitest'
import type { DesiredVolume, SecretItem } from '../../lib/pod/desired.ts'
import { reconcileVolumes } from '../../lib/pod/volumes.ts'
import type { Json } from '../support/pods.ts'
import { applied, podOf } from './pods.ts'

const by = ['flyte.secrets/s0'] as const
const memory: DesiredVolume = { kind: 'memory', name: 'aws-secret-vol', mountPath: '/m', by }
const item = (key: string, path = key): SecretItem => ({ key, path, by: [`flyte.secrets/${key}`] })
const secretWith = (...items: SecretItem[]): DesiredVolume => ({
  kind: 'secret',
  name: 'mrrf5',
  secretName: 'db',
  mountPath: '/s',
  items,
  by,
})
const secretVolume = (...items: object[]) => ({
  name: 'mrrf5',
  secret: { secretName: 'db', items, optional: true },
})
const memoryVolume = { name: 'aws-secret-vol', emptyDir: { medium: 'Memory' } }

const reconciled = (volumes: Json, ...desired: DesiredVolume[]) =>
  reconcileVolumes(podOf({ spec: { volumes } }).volumes, desired)

/** Returns a pod's volumes after the desired ones are added. */
const volumesAfter = (volumes: Json, ...desired: DesiredVolume[]): Json => {
  const { operations, refusals } = reconciled(volumes, ...desired)
  expect(refusals).toEqual([])
  return applied({ spec: { volumes } }, operations).spec.volumes
}

describe('the volumes of a pod', () => {
  const own = { name: 'own', emptyDir: {} }
  const both = [secretVolume({ key: 'K', path: 'k' }), memoryVolume]
  it.each([
    { what: 'after its own', volumes: [own], after: [own, ...both] },
    { what: 'if it has none', volumes: undefined, after: both },
    { what: 'if it has null', volumes: null, after: both },
  ])('are added $what', ({ volumes, after }) => {
    expect(volumesAfter(volumes, secretWith(item('K', 'k')), memory)).toEqual(after)
  })

  it('are added without internal fields', () => {
    expect(JSON.stringify(volumesAfter([], secretWith(item('K', 'k')), memory))).not.toContain(
      'flyte.secrets',
    )
  })

  it.each([
    { what: 'memory', volume: memoryVolume, desired: memory },
    {
      what: 'memory with a limit',
      volume: { ...memoryVolume, emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
      desired: memory,
    },
    { what: 'the Secret', volume: secretVolume({ key: 'a', path: 'a' }), desired: secretWith(item('a')) },
    {
      what: 'the Secret with more',
      volume: {
        name: 'mrrf5',
        secret: {
          secretName: 'db',
          optional: true,
          defaultMode: 420,
          items: [
            { key: 'x', path: 'x' },
            { key: 'a', path: 'a', mode: 256 },
          ],
        },
      },
      desired: secretWith(item('a')),
    },
  ])('stay if one is already $what', ({ volume, desired }) => {
    expect(reconciled([own, volume], desired)).toEqual({ operations: [], refusals: [] })
  })

  it('get their missing items at the end', () => {
    const [a, b] = [
      { key: 'a', path: 'a', mode: 256 },
      { key: 'b', path: 'b' },
    ]
    expect(volumesAfter([own, secretVolume(a)], secretWith(item('b'), item('a')))).toEqual([
      own,
      secretVolume(a, b),
    ])
  })
})

describe('a volume of the same name', () => {
  const secret = { secretName: 'db', optional: true, items: [{ key: 'x', path: 'x' }] }
  it.each([
    { what: 'of another kind', volume: { emptyDir: {} } },
    { what: 'of another Secret', volume: { secret: { ...secret, secretName: 'other' } } },
    { what: 'that is required', volume: { secret: { ...secret, optional: false } } },
    { what: 'without `optional`', volume: { secret: { ...secret, optional: undefined } } },
    { what: 'with all keys, because it has no items', volume: { secret: { ...secret, items: undefined } } },
    { what: 'with all keys, because its items are empty', volume: { secret: { ...secret, items: [] } } },
    { what: 'with an invalid item', volume: { secret: { ...secret, items: [...secret.items, 'x'] } } },
  ])('is refused if it is one $what', ({ volume }) => {
    expect(reconciled([{ name: 'mrrf5', ...volume }], secretWith(item('a')))).toEqual({
      operations: [],
      refusals: [
        {
          by,
          what: 'volume mrrf5',
          why: 'the pod has a volume of this name, but not the expected optional volume of that Secret with items',
        },
      ],
    })
  })

  it.each([
    { what: 'on disk', volume: { emptyDir: {} } },
    { what: 'of another kind', volume: { hostPath: { path: '/' } } },
    { what: 'of no kind', volume: { emptyDir: null } },
  ])('is refused if it is one $what and should be memory', ({ volume }) => {
    expect(reconciled([{ name: 'aws-secret-vol', ...volume }], memory).refusals).toEqual([
      {
        by,
        what: 'volume aws-secret-vol',
        why: 'the pod has a volume of this name, but not the expected memory volume',
      },
    ])
  })

  it.each([
    { what: 'as a file', path: 'a' },
    { what: 'as a directory', path: 'a/b' },
  ])('is refused if it has something else at the path $what', ({ path }) => {
    expect(
      reconciled([secretVolume({ key: 'y', path: 'y' }, { key: 'x', path })], secretWith(item('a'))).refusals,
    ).toEqual([{ by: ['flyte.secrets/a'], what: 'volume mrrf5', why: 'it already has something else at a' }])
  })

  it('can have the same key at another path', () => {
    const own = { key: 'a', path: 'ab' }
    expect(volumesAfter([secretVolume(own)], secretWith(item('a')))).toEqual([
      secretVolume(own, { key: 'a', path: 'a' }),
    ])
  })
})
