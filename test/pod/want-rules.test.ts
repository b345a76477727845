import { describe, expect, it } from 'vitest'
import type { PullContainer, Want } from '../../lib/manager-kit/wants.ts'
import { podAsking, podServedBy, reviewedBy } from '../managers/decided.ts'
import { madeFor, variable } from '../managers/made.ts'
import { undocumentedIn } from '../messages/known.ts'
import { operationsOf } from '../support/patch.ts'

const root = '/etc/flyte/secrets'
const label = 'its name must be a DNS-1123 label (1 to 63 of a-z 0-9 -, with a letter or digit at both ends)'
const mountedAt = `it must be mounted at ${root} or below, without an empty segment, ".", ".." or ":"`
const rootAt = `its root must be ${root} or a path below`
const belowRoot = 'it must be below its root, without an empty segment, "." or ".."'
const subdomain = 'the name of its Secret must be a DNS-1123 subdomain'
const secretKey = 'the key of its Secret must be 1 to 253 of A-Z a-z 0-9 - _ ., not "." nor "..…"'
const itemPath = 'the path of a key in it must be relative and without ".."'
const oneKind = 'its source must be one kind of volume with its fields, such as {"csi": {…}}'
const annotationKey = 'its key must be [domain/]name, the name at most 63 letters, digits, - _ and .'

const file = (path: string, at = root): Want => ({ kind: 'file', path, root: at, identity: path })
const volume = (fields: object): Want => ({
  kind: 'volume',
  name: 'v',
  mountPath: `${root}/v`,
  source: { emptyDir: {} },
  ...fields,
})
const secretVolume = (fields: object): Want => ({
  kind: 'secretVolume',
  name: 'v',
  secretName: 'db',
  mountPath: `${root}/v`,
  item: { key: 'k', path: 'k' },
  ...fields,
})
const fetch = (fields: object = {}): Want => ({
  kind: 'fetch',
  identity: 'f',
  name: 'v',
  mountPath: root,
  step: {},
  ...fields,
})
const annotation = (key: string): Want => ({ kind: 'annotation', key, value: '1', when: 'always' })
const reference = (name: string, key: string): Want => ({
  kind: 'variable',
  name: 'B',
  sources: [{ kind: 'secretKeyRef', name, key }],
})
const puller: PullContainer = {
  name: 'fetch',
  image: 'i',
  resources: {},
  volumeMounts: [{ name: 'v', mountPath: '/m' }],
}

/** Returns the message that denies a pod for which a manager wants a variable and these `wants`. */
const denied = async (wants: readonly Want[], containers: readonly [PullContainer, ...PullContainer[]]) => {
  const review = await reviewedBy([madeFor({ a: [...wants, variable] }, containers)], podAsking({ key: 'a' }))
  expect(operationsOf(review)).toEqual([])
  expect(review.response).toMatchObject({ allowed: false, status: { code: 400 } })
  expect(undocumentedIn(200, review)).toEqual([])
  expect(review.response.status.details.causes[0].field).toBe('metadata.annotations[flyte.secrets/s0]')
  return review.response.status.message
}
const says = (what: string, why: string) => `flyte.secrets/s0 (${what}): Azure: ${why}`

const longest = 'n'.repeat(63)

describe('a want that breaks a rule is denied, with the manager and the rule', () => {
  const rows: readonly { want: Want; what: string; why: string }[] = [
    ...['', 'A', 'a_b', 'a.b', '-a', 'a-', 'a\n', `${longest}n`].flatMap((name) => [
      { want: volume({ name }), what: `volume ${name.replace('\n', String.raw`\u{a}`)}`, why: label },
    ]),
    { want: secretVolume({ name: 'A' }), what: 'volume A', why: label },
    { want: fetch({ name: 'A' }), what: 'volume A', why: label },
    ...[
      '/bin',
      '/',
      '',
      'etc/flyte/secrets',
      `${root}x`,
      `${root}/`,
      `${root}/../bin`,
      `${root}//a`,
      `${root}/./a`,
      `${root}/a:b`,
    ].map((mountPath) => ({ want: volume({ mountPath }), what: 'volume v', why: mountedAt })),
    { want: secretVolume({ mountPath: '/bin' }), what: 'volume v', why: mountedAt },
    { want: fetch({ mountPath: '/bin' }), what: 'volume v', why: mountedAt },
    ...[{}, { csi: null }, { csi: 'x' }, { csi: {}, emptyDir: {} }].map((source) => ({
      want: volume({ source }),
      what: 'volume v',
      why: oneKind,
    })),
    { want: secretVolume({ secretName: 'A' }), what: 'volume v', why: subdomain },
    { want: secretVolume({ secretName: '' }), what: 'volume v', why: subdomain },
    { want: secretVolume({ item: { key: 'a b', path: 'k' } }), what: 'volume v', why: secretKey },
    { want: secretVolume({ item: { key: '..k', path: 'k' } }), what: 'volume v', why: secretKey },
    ...['', '/k', '..', '..k', 'a/../k', 'a/..'].map((path) => ({
      want: secretVolume({ item: { key: 'k', path } }),
      what: 'volume v',
      why: itemPath,
    })),
    { want: file('/bin/a', '/bin'), what: 'file /bin/a', why: rootAt },
    { want: file(`${root}x/a`, `${root}x`), what: `file ${root}x/a`, why: rootAt },
    { want: file(`${root}/../a`, `${root}/..`), what: `file ${root}/../a`, why: belowRoot },
    { want: file(`${root}//a`, `${root}/`), what: `file ${root}//a`, why: belowRoot },
    ...['/bin/a', root, `${root}x/a`, `${root}/../a`, `${root}/a/`, `${root}//a`, `${root}/./a`].map(
      (path) => ({
        want: file(path),
        what: `file ${path}`,
        why: belowRoot,
      }),
    ),
    { want: file(`${root}/a`, `${root}/b`), what: `file ${root}/a`, why: belowRoot },
    ...['', 'a b', 'a/b/c', '/a', 'example.com/', `example.com/${longest}n`, 'a..b/c'].map((key) => ({
      want: annotation(key),
      what: `annotation ${key}`,
      why: annotationKey,
    })),
    { want: reference('A', 'k'), what: 'variable B', why: subdomain },
    { want: reference('a', ''), what: 'variable B', why: secretKey },
  ]
  it.each(rows)('$what: $want', async ({ want, what, why }) => {
    expect(await denied([want], [puller])).toContain(says(what, why))
  })

  it('also for the name of a variable', async () => {
    const want: Want = { kind: 'variable', name: 'A=B', sources: [{ kind: 'literal', value: '1' }] }
    expect(await denied([want], [puller])).toContain(
      '(variable A=B): a variable name must be printable ASCII',
    )
  })
})

describe('a want at the edge of a rule is served', () => {
  it.each([
    { want: volume({ name: longest }) },
    { want: volume({ mountPath: root }) },
    { want: volume({ mountPath: `${root}/..a/.b` }) },
    { want: secretVolume({ item: { key: '.k', path: 'a/.k' } }) },
    { want: file(`${root}/a:b/..c`) },
    { want: annotation(`Example.com/${longest}`) },
    { want: annotation('without-domain') },
    { want: reference('a.b', '.k') },
  ])('$want', async ({ want }) => {
    const { spec } = await podServedBy(madeFor({ a: [want, variable] }), podAsking({ key: 'a' }))
    expect(spec.containers[0].env).toContainEqual({ name: 'A', value: '1' })
  })
})

describe('a request', () => {
  it('without a variable is denied: flytekit could not find its secret', async () => {
    const { response } = await reviewedBy([madeFor({ a: [file(`${root}/a`)] })], podAsking({ key: 'a' }))
    expect(response.status.message).toBe(
      says('its variables', 'at least one is needed, because flytekit finds a secret by its variables'),
    )
  })

  it('is denied beside a valid one, for every broken rule', async () => {
    const made = madeFor({ a: [variable], b: [volume({ name: 'A' }), annotation('a b')] })
    const { response } = await reviewedBy([made], podAsking({ key: 'a' }, { key: 'b' }))
    const by = 'flyte.secrets/s1'
    expect(response.status.details.causes.map(({ message }: { message: string }) => message)).toEqual([
      'its variables: Azure: at least one is needed, because flytekit finds a secret by its variables',
      `volume A: Azure: ${label}`,
      `annotation a b: Azure: ${annotationKey}`,
    ])
    expect(response.status.message).not.toContain('s0')
    expect(response.status.message).toContain(by)
  })

  it('for a fetch by a manager without containers is an error of this project', async () => {
    const made = madeFor({ a: [fetch(), variable] })
    await expect(reviewedBy([made], podAsking({ key: 'a' }))).rejects.toMatchObject({ code: 'internal' })
  })
})

describe('an init container that breaks a rule is denied, with the manager and the rule', () => {
  const ref = (name: string, key: string) => ({ name: 'T', valueFrom: { secretKeyRef: { name, key } } })
  const mount = (name: string, mountPath: string) => ({ name, mountPath })
  const memory = (name: string) => ({ kind: 'memory', name }) as const
  const secret = (fields: object) => ({
    privateVolumes: [
      { kind: 'secret', name: 'p', secretName: 'db', items: [{ key: 'k', path: 'k' }], ...fields },
    ],
  })
  const absolute = 'its path must be absolute, without an empty segment, ".", ".." or ":"'
  const rows: readonly { change: object; what: string; why: string }[] = [
    ...['', 'A', 'a.b', '-a', `${longest}n`].map((name) => ({
      change: { name },
      what: `init container ${name}`,
      why: label,
    })),
    {
      change: { env: [{ name: 'A=B', value: '' }] },
      what: 'variable A=B of init container fetch',
      why: 'a variable name must be printable ASCII without "=" (ValidateEnv)',
    },
    { change: { env: [ref('A', 'k')] }, what: 'variable T of init container fetch', why: subdomain },
    { change: { env: [ref('a', '..k')] }, what: 'variable T of init container fetch', why: secretKey },
    { change: { privateVolumes: [memory('A')] }, what: 'volume A', why: label },
    {
      change: { privateVolumes: [memory('v')] },
      what: 'volume v',
      why: 'its name must be unique, but it is wanted twice',
    },
    { change: secret({ secretName: 'A' }), what: 'volume p', why: subdomain },
    { change: secret({ items: [{ key: '', path: 'k' }] }), what: 'volume p', why: secretKey },
    { change: secret({ items: [{ key: 'k', path: '../k' }] }), what: 'volume p', why: itemPath },
    ...['m', '', '/m/', '/m/..', '/m//n', '/m:n'].map((mountPath) => ({
      change: { volumeMounts: [mount('v', mountPath)] },
      what: 'the mount of volume v in init container fetch',
      why: absolute,
    })),
    {
      change: { volumeMounts: [mount('v', '/m'), mount('p', '/m')], privateVolumes: [memory('p')] },
      what: 'init container fetch',
      why: 'it mounts two volumes at /m',
    },
    {
      change: { volumeMounts: [mount('other', '/m')] },
      what: 'the mount of volume other in init container fetch',
      why: 'its volume must come from a fetch or from privateVolumes',
    },
  ]
  it.each(rows)('$change', async ({ change, what, why }) => {
    expect(await denied([fetch()], [{ ...puller, ...change }])).toContain(says(what, why))
  })

  it('with the name of another', async () => {
    expect(await denied([fetch()], [puller, puller])).toBe(
      says('init container fetch', 'its name must be unique, but it is wanted twice'),
    )
  })

  it('and a valid one is served', async () => {
    const container: PullContainer = {
      ...puller,
      env: [ref('a.b', '.k')],
      volumeMounts: [mount('v', '/'), mount('p', '/mnt/p'), mount('q', '/q')],
      privateVolumes: [
        { kind: 'secret', name: 'p', secretName: 'db', items: [{ key: 'k', path: 'k' }] },
        memory('q'),
      ],
    }
    const made = madeFor({ a: [fetch(), variable] }, [container])
    const { spec } = await podServedBy(made, podAsking({ key: 'a' }))
    expect(spec.initContainers).toMatchObject([{ name: 'fetch', env: container.env }])
  })
})
