import { describe, expect, it } from 'vitest'
import { injectors } from '../../lib/managers/injectors.ts'
import type { DesiredFile, DesiredVolume } from '../../lib/pod/desired.ts'
import { desiredMounts, reconcileMounts } from '../../lib/pod/mounts.ts'
import type { Json } from '../support/pods.ts'
import { applied, containerWith, podWith } from './pods.ts'

const root = '/etc/flyte/secrets'
const by = ['flyte.secrets/s0'] as const
const memory: DesiredVolume = { kind: 'memory', name: 'aws-secret-vol', mountPath: root, by }
const secret: DesiredVolume = {
  kind: 'secret',
  name: 'mrrf5',
  secretName: 'db',
  mountPath: `${root}/db`,
  items: [],
  by: ['flyte.secrets/s1'],
}
const file: DesiredFile = { path: `${root}/arn/key`, root, by }
const readOnly = ({ name, mountPath }: DesiredVolume) => ({ name, readOnly: true, mountPath })
const writable = ({ name, mountPath }: DesiredVolume) => ({ name, mountPath })

const reconciled = (container: Json, volumes: DesiredVolume[] = [memory], files = [file]) =>
  reconcileMounts(containerWith(container), desiredMounts({ volumes, files }, [], injectors))

/** Returns a container's mounts after the volumes are added. */
const mountsAfter = (container: Json, volumes: DesiredVolume[] = [memory]): Json => {
  const { operations, refusals } = reconciled(container, volumes)
  expect(refusals).toEqual([])
  return applied(podWith(container), operations).spec.containers[0].volumeMounts
}

describe('the mounts of a container', () => {
  const data = { name: 'data', mountPath: '/data' }
  it.each([
    { what: 'after its own', container: { volumeMounts: [data] }, after: [data, readOnly(memory)] },
    { what: 'if it has none', container: {}, after: [readOnly(memory)] },
    {
      what: 'beside a device',
      container: { volumeDevices: [{ name: 'd', devicePath: '/dev/d' }] },
      after: [readOnly(memory)],
    },
    {
      what: 'below another mount',
      container: { volumeMounts: [{ name: 'etc', mountPath: '/etc/flyte/' }] },
      after: [{ name: 'etc', mountPath: '/etc/flyte/' }, readOnly(memory)],
    },
  ])('are added read-only, $what', ({ container, after }) => {
    expect(mountsAfter(container)).toEqual(after)
  })

  it.each([
    { what: 'unchanged', mount: readOnly(memory) },
    { what: 'with a slash at its end', mount: { ...readOnly(memory), mountPath: `${root}/` } },
    {
      what: 'with what others added',
      mount: { ...readOnly(memory), subPath: '', recursiveReadOnly: 'Disabled' },
    },
    { what: 'but writable', mount: writable(memory) },
  ])('stay if the volume is already mounted, $what', ({ mount }) => {
    expect(reconciled({ volumeMounts: [mount] })).toEqual({ operations: [], refusals: [] })
  })

  it('are compared by path: a mount of the volume elsewhere does not count', () => {
    const elsewhere = { name: memory.name, mountPath: '/elsewhere' }
    expect(mountsAfter({ volumeMounts: [elsewhere] })).toEqual([elsewhere, readOnly(memory)])
  })

  it.each([
    { what: 'another volume', mount: { name: 'other', mountPath: root } },
    {
      what: 'another volume, with its path written differently',
      mount: { name: 'other', mountPath: '/etc//flyte/./secrets/' },
    },
    { what: 'a part of the volume', mount: { ...readOnly(memory), subPath: 'part' } },
    { what: 'a computed part of the volume', mount: { ...readOnly(memory), subPathExpr: '$(A)' } },
  ])('are refused at the path of $what', ({ mount }) => {
    expect(reconciled({ volumeMounts: [mount] })).toEqual({
      operations: [],
      refusals: [
        { by, what: 'a mount in container main', why: `it mounts its own volume ${mount.name} at ${root}` },
      ],
    })
  })

  it('are refused at the path of a device', () => {
    const container = { volumeDevices: [{ name: 'd', devicePath: `${root}/` }] }
    expect(reconciled(container).refusals).toEqual([
      { by, what: 'a mount in container main', why: `it has a volume device at ${root}` },
    ])
  })

  it.each([
    { what: 'the file', mountPath: `${root}/arn/key` },
    { what: 'a directory of the file', mountPath: `${root}/arn/` },
  ])('are refused if another mount would hide $what', ({ mountPath }) => {
    expect(reconciled({ volumeMounts: [{ name: 'own', mountPath }] }).refusals).toEqual([
      {
        by,
        what: 'a mount in container main',
        why: `it mounts its own volume own at ${mountPath.replace(/\/$/, '')}, which would hide the file ${file.path}`,
      },
    ])
  })

  it('are refused if another mount would hide the directory of files from another webhook', () => {
    expect(reconciled({ volumeMounts: [{ name: 'own', mountPath: root }] }, []).refusals).toMatchObject([
      { by },
    ])
  })

  it.each(['vault-secrets', 'vault-secrets-custom-0'])(
    "can be those of Vault's Agent Injector, which brings the files (%s)",
    (name) => {
      const container = { volumeMounts: [{ name, mountPath: root }] }
      expect(reconciled(container, []).refusals).toEqual([])
    },
  )

  it('are refused with every request whose files a mount hides', () => {
    const other: DesiredFile = { path: `${root}/arn/other`, root, by: ['flyte.secrets/s1'] }
    const container = { volumeMounts: [{ name: 'own', mountPath: `${root}/arn` }] }
    expect(reconciled(container, [memory], [file, other]).refusals).toMatchObject([
      { by: [...by, 'flyte.secrets/s1'] },
    ])
  })

  it('are refused at most a hundred times', () => {
    const mount = { name: 'x'.repeat(1000), mountPath: `${root}/arn/key` }
    const refusals = reconciled({
      name: 'c'.repeat(1000),
      volumeMounts: Array.from({ length: 200 }, () => mount),
    }).refusals
    expect(refusals).toHaveLength(100)
    expect(refusals?.[0]?.what).toBe(`a mount in container ${'c'.repeat(128)}…`)
    expect(refusals?.[0]?.why.length).toBeLessThan(500)
  })

  it('can be beside the files', () => {
    expect(reconciled({ volumeMounts: [{ name: 'own', mountPath: `${root}/arn/other` }] }).refusals).toEqual(
      [],
    )
  })
})

describe('a mount of the container above one of ours', () => {
  const above = (mount: Json, source: Json) =>
    reconcileMounts(
      containerWith({ volumeMounts: [{ name: 'own', mountPath: '/etc/flyte/', ...mount }] }),
      desiredMounts({ volumes: [memory], files: [file] }, [{ name: 'own', ...source }], injectors),
    ).refusals

  it.each([
    { what: 'read-only', mount: { readOnly: true }, source: { emptyDir: {} } },
    { what: 'read-only, of a missing volume', mount: { readOnly: true }, source: {} },
    { what: 'of a read-only claim', mount: {}, source: { persistentVolumeClaim: { readOnly: true } } },
    { what: 'of a read-only CSI volume', mount: {}, source: { csi: { driver: 'd', readOnly: true } } },
    { what: 'of an image', mount: {}, source: { image: { reference: 'r' } } },
    { what: 'a part of a Secret', mount: { subPath: 'p' }, source: { secret: { secretName: 's' } } },
    { what: 'a computed part of a ConfigMap', mount: { subPathExpr: '$(A)' }, source: { configMap: {} } },
  ])('is refused if it is $what', ({ mount, source }) => {
    expect(above(mount, source)).toEqual([
      {
        by,
        what: 'a mount in container main',
        why: `it mounts its own volume own read-only at /etc/flyte, so nothing can be mounted below it at ${root}: mount it writable or elsewhere`,
      },
    ])
  })

  it.each([
    { what: 'writable', mount: {}, source: { emptyDir: {} } },
    { what: 'of a writable claim', mount: {}, source: { persistentVolumeClaim: { claimName: 'c' } } },
    { what: 'of a Secret', mount: { readOnly: true }, source: { secret: { secretName: 's' } } },
    { what: 'of a ConfigMap', mount: { readOnly: true }, source: { configMap: { name: 'c' } } },
    { what: 'of the downward API', mount: { readOnly: true }, source: { downwardAPI: {} } },
    { what: 'projected', mount: { readOnly: true, subPath: '' }, source: { projected: {} } },
    { what: 'elsewhere', mount: { mountPath: '/etc/flyt', readOnly: true }, source: { emptyDir: {} } },
    { what: 'below', mount: { mountPath: `${root}/other`, readOnly: true }, source: { emptyDir: {} } },
  ])('can be $what', ({ mount, source }) => {
    expect(above(mount, source)).toEqual([])
  })

  it.each(['/', '/.', '', '/etc/..', '/etc', 'etc/flyte'])('is refused at %j', (mountPath) => {
    expect(above({ mountPath, readOnly: true }, { emptyDir: {} })).toMatchObject([{ by }])
  })

  it('is refused above the directory of files from another webhook, naming every request', () => {
    const other: DesiredFile = { path: `${root}/b`, root, by: ['flyte.secrets/s1'] }
    const container = containerWith({ volumeMounts: [{ name: 'own', mountPath: '/etc', readOnly: true }] })
    expect(
      reconcileMounts(container, desiredMounts({ volumes: [], files: [file, other] }, [], injectors))
        .refusals,
    ).toMatchObject([{ by: [...by, 'flyte.secrets/s1'] }])
  })
})

describe('a mount above another mount of the container', () => {
  it('is writable if the lower mount is a secret, too', () => {
    expect(mountsAfter({}, [memory, secret])).toEqual([writable(memory), readOnly(secret)])
  })

  it("is writable if the lower mount is the container's own", () => {
    const own = { name: 'own', mountPath: `${root}/extra/` }
    expect(mountsAfter({ volumeMounts: [own] })).toEqual([own, writable(memory)])
  })

  it.each([
    { what: 'read-only', more: {} },
    { what: 'read-only with all below it', more: { recursiveReadOnly: 'Enabled' } },
  ])('becomes writable if it exists already, $what', ({ more }) => {
    const own = { name: 'own', mountPath: '/own' }
    const there = { ...readOnly(memory), mountPropagation: 'None' }
    const after = mountsAfter({ volumeMounts: [own, { ...there, ...more }] }, [memory, secret])
    expect(after).toEqual([own, { ...writable(memory), mountPropagation: 'None' }, readOnly(secret)])
    expect(reconciled({ volumeMounts: after }, [memory, secret]).operations).toEqual([])
  })

  it('is read-only if the other path only begins with the same letters', () => {
    const own = { name: 'own', mountPath: `${root}-extra` }
    expect(mountsAfter({ volumeMounts: [own] })).toEqual([own, readOnly(memory)])
  })
})
