import { describe, expect, it } from 'vitest'
import { createK8s } from '../../lib/managers/k8s.ts'
import type { Want } from '../../lib/manager-kit/wants.ts'
import { podAsking, podServedBy, reviewedBy } from '../managers/decided.ts'
import { madeFor, variable } from '../managers/made.ts'
import { undocumentedIn } from '../messages/known.ts'
import { operationsOf, patched } from '../support/patch.ts'
import type { Json } from '../support/pods.ts'

const root = '/etc/flyte/secrets'
const csi = {
  driver: 'secrets-store.csi.k8s.io',
  readOnly: true,
  volumeAttributes: { secretProviderClass: 'db' },
}
const volume = (fields: object = {}): Want => ({
  kind: 'volume',
  name: 'csi-db',
  mountPath: `${root}/db`,
  source: { csi },
  ...fields,
})
const file = (path: string, mountPath = `${root}/db`): Want => ({
  kind: 'file',
  path,
  root: mountPath,
  identity: path,
})
const manager = madeFor({ a: [volume(), file(`${root}/db/a`), variable] })
const asking = (spec: object = {}): Json => {
  const pod = podAsking({ key: 'a' })
  return { ...pod, spec: { ...pod.spec, ...spec } }
}

describe('a volume that a manager wants', () => {
  it('is in the pod with its source, and mounted read-only in every container', async () => {
    const { spec } = await podServedBy(manager, asking({ initContainers: [{ name: 'prepare', image: 'i' }] }))
    expect(spec.volumes).toEqual([{ name: 'csi-db', csi }])
    for (const container of [...spec.initContainers, ...spec.containers])
      expect(container.volumeMounts).toEqual([{ name: 'csi-db', mountPath: `${root}/db`, readOnly: true }])
  })

  const projected = { sources: [{ secret: { name: 'db', items: [{ key: 'k', path: 'k' }] } }] }
  it.each([
    { what: 'unchanged', source: { csi }, there: { csi } },
    {
      what: 'with additions by others',
      source: { csi },
      there: {
        csi: {
          ...csi,
          fsType: 'ext4',
          volumeAttributes: { ...csi.volumeAttributes, 'csi.storage.k8s.io/ephemeral': 'true' },
        },
      },
    },
    {
      what: 'without fields that the API server omits',
      source: { nfs: { server: 's', path: '/', readOnly: false } },
      there: { nfs: { server: 's', path: '/' } },
    },
    {
      what: 'with defaults in its lists',
      source: { projected },
      there: {
        projected: {
          defaultMode: 420,
          sources: [{ secret: { ...projected.sources[0]?.secret, optional: false } }],
        },
      },
    },
  ])('counts if it exists: $what', async ({ source, there }) => {
    const made = madeFor({ a: [volume({ source }), variable] })
    const pod = asking({ volumes: [{ name: 'csi-db', ...there }] })
    const { spec } = patched(pod, await reviewedBy([made], pod))
    expect(spec.volumes).toEqual(pod.spec.volumes)
  })

  it.each([
    { what: 'of another kind', there: { emptyDir: {} } },
    { what: 'with another value', there: { csi: { ...csi, driver: 'other' } } },
    { what: 'with another nested value', there: { csi: { ...csi, volumeAttributes: {} } } },
    { what: 'without a field', there: { csi: { ...csi, readOnly: undefined } } },
    { what: 'that is empty', there: { csi: null } },
  ])('is refused if the pod has one of its name $what', async ({ there }) => {
    const { response } = await reviewedBy([manager], asking({ volumes: [{ name: 'csi-db', ...there }] }))
    expect(response).toMatchObject({ allowed: false, status: { code: 400 } })
    expect(response.status.message).toBe(
      'flyte.secrets/s0 (volume csi-db): the pod has a volume of this name, but not the expected csi volume',
    )
  })

  it('is refused if a list has other elements', async () => {
    const made = madeFor({ a: [volume({ source: { projected } }), variable] })
    const there = { projected: { sources: [{ configMap: { name: 'x' } }, ...projected.sources] } }
    const { response } = await reviewedBy([made], asking({ volumes: [{ name: 'csi-db', ...there }] }))
    expect(response.status.message).toContain('not the expected projected volume')
  })

  it('is shared by all requests that want the same', async () => {
    const other = volume({ source: { csi: Object.fromEntries(Object.entries(csi).toReversed()) } })
    const made = madeFor({ a: [volume(), variable], b: [other, variable] })
    const pod = podAsking({ key: 'a' }, { key: 'b' })
    expect(patched(pod, await reviewedBy([made], pod)).spec.volumes).toEqual([{ name: 'csi-db', csi }])
  })
})

describe('two requests are refused, both named,', () => {
  const fetch = (fields: object): Want => ({
    kind: 'fetch',
    identity: 'f',
    name: 'fetched',
    mountPath: root,
    step: {},
    ...fields,
  })
  const secret = (fields: object): Want => ({
    kind: 'secretVolume',
    name: 'secret-db',
    secretName: 'db',
    mountPath: `${root}/db`,
    item: { key: 'k', path: 'k' },
    ...fields,
  })
  const differing = 'it is requested with different sources or at different paths'
  it.each([
    {
      what: 'that want another source under one name',
      wants: [volume(), volume({ source: { csi: { ...csi, driver: 'other' } } })],
      says: `volume csi-db): ${differing}`,
    },
    {
      what: 'that want more under one name',
      wants: [volume(), volume({ source: { csi: { ...csi, fsType: 'ext4' } } })],
      says: `volume csi-db): ${differing}`,
    },
    {
      what: 'that want one volume at two paths',
      wants: [volume(), volume({ mountPath: `${root}/other` })],
      says: `volume csi-db): ${differing}`,
    },
    {
      what: 'that want a Secret at two paths',
      wants: [secret({}), secret({ mountPath: `${root}/other` })],
      says: `volume secret-db): ${differing}`,
    },
    {
      what: 'that want two volumes at one path',
      wants: [volume(), volume({ name: 'csi-other' })],
      says: `volumes csi-db and csi-other): all would be mounted at ${root}/db`,
    },
    {
      what: 'that want volumes of two kinds at one path',
      wants: [volume(), secret({})],
      says: `volumes csi-db and secret-db): all would be mounted at ${root}/db`,
    },
    {
      what: 'that want volumes of two kinds under one name',
      wants: [volume({ name: 'fetched' }), fetch({})],
      says: 'volume fetched): different volumes have this name',
    },
    {
      what: 'that want something below a read-only volume',
      wants: [volume(), volume({ name: 'csi-below', mountPath: `${root}/db/below` })],
      says: `a mount in container main): nothing can be mounted below ${root}/db: volume csi-db is read-only`,
    },
  ])('$what', async ({ wants: [one, other], says }) => {
    const container = { name: 'fetch', image: 'i', resources: {} } as const
    const made = madeFor({ a: [one ?? variable, variable], b: [other ?? variable, variable] }, [
      { ...container, volumeMounts: [{ name: 'fetched', mountPath: '/m' }] },
    ])
    const review = await reviewedBy([made], podAsking({ key: 'a' }, { key: 'b' }))
    expect(undocumentedIn(200, review)).toEqual([])
    const { response } = review
    expect(response.status.message).toBe(`flyte.secrets/s0, flyte.secrets/s1 (${says}`)
  })

  it('whose managers both need init containers', async () => {
    const container = { name: 'fetch', image: 'i', resources: {} } as const
    const mounts = [{ name: 'fetched', mountPath: '/m' }] as const
    const one = madeFor({ a: [fetch({ mountPath: `${root}/a` }), variable] }, [
      { ...container, volumeMounts: mounts },
    ])
    const other = {
      ...madeFor({ b: [fetch({ name: 'f2', mountPath: `${root}/b` }), variable] }),
      name: 'GCP',
    } as const
    const { response } = await reviewedBy([one, other], podAsking({ key: 'a' }, { key: 'b' }))
    expect(response.status.message).toBe(
      'flyte.secrets/s0, flyte.secrets/s1 (the files of Azure and GCP): only one manager can add init containers',
    )
  })
})

it('a mount of the container below a read-only volume is refused: no mount point can be made there', async () => {
  const below = { name: 'own', mountPath: `${root}/db/own` }
  const containers = [{ name: 'main', image: 'i', volumeMounts: [below] }]
  const { response } = await reviewedBy([manager], asking({ containers }))
  expect(response.status.message).toContain('volume csi-db is read-only')
  const writable = madeFor({ a: [volume({ source: { emptyDir: {} } }), variable] })
  expect(operationsOf(await reviewedBy([writable], asking({ containers })))).toContainEqual({
    op: 'add',
    path: '/spec/containers/0/volumeMounts/-',
    value: { name: 'csi-db', mountPath: `${root}/db` },
  })
})

it('a volume of Kubernetes Secrets can exist beside it', async () => {
  const k8s = createK8s({ envVarPrefix: '_FSEC_', emptyGroup: 'refused' })
  const pod = podAsking({ key: 'a' }, { group: 'other', key: 'k' })
  const { spec } = patched(pod, await reviewedBy([manager, k8s], pod))
  expect(spec.volumes).toMatchObject([{ name: 'csi-db' }, { secret: { secretName: 'other' } }])
})
