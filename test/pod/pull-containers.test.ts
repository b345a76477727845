import { describe, expect, it } from 'vitest'
import { privateVolumes, reconcilePullContainers } from '../../lib/pod/pull-containers.ts'
import type { PullContainer } from '../../lib/manager-kit/wants.ts'
import { SecretValue } from '../../lib/secret-value.ts'
import type { Json } from '../support/pods.ts'
import { applied, podOf } from './pods.ts'

const by = ['flyte.secrets/s0'] as const
const common = { image: 'image:v1', resources: { limits: { cpu: '1' } } }
const terminationMessagePolicy = 'FallbackToLogsOnError'
const aws: PullContainer = {
  name: 'aws-pull-secret-0',
  ...common,
  env: [{ name: 'SECRET_ARN', value: 'a$b' }],
  volumeMounts: [{ name: 'vol', mountPath: '/tmp' }],
}
const gcp: PullContainer = {
  name: 'gcp-pull-secret-0',
  ...common,
  command: ['sh', '-ec', 'true'],
  volumeMounts: [{ name: 'vol', mountPath: '/etc/flyte/secrets' }],
}
const written = { ...aws, env: [{ name: 'SECRET_ARN', value: 'a$$b' }], terminationMessagePolicy }
const writtenGcp = { ...gcp, terminationMessagePolicy }

const reconciled = (spec: Json, ...[first, ...rest]: [PullContainer, ...PullContainer[]]) =>
  reconcilePullContainers(podOf({ spec }), { containers: [first, ...rest], by })

const initContainersAfter = (initContainers: Json): Json => {
  const { operations, refusals } = reconciled({ initContainers }, aws, gcp)
  expect(refusals).toEqual([])
  return applied({ spec: { initContainers } }, operations).spec.initContainers
}

const ref = { name: 'robot', key: 'token' }
const referring: PullContainer = {
  ...aws,
  env: [
    { name: 'TOKEN', valueFrom: { secretKeyRef: ref } },
    { name: 'URL', value: 'u' },
  ],
}

describe('a variable of a pull container that comes from a Secret', () => {
  const writtenEnv = [
    { name: 'TOKEN', valueFrom: { secretKeyRef: ref } },
    { name: 'URL', value: 'u' },
  ]

  it('is a required reference: the container does not start if the Secret is missing', () => {
    const { operations } = reconciled({}, referring)
    expect(applied({ spec: {} }, operations).spec.initContainers[0].env).toEqual(writtenEnv)
  })

  const withRef = (change: object) => [
    { name: 'TOKEN', valueFrom: { secretKeyRef: { ...ref, ...change } } },
    writtenEnv[1],
  ]
  it.each([
    { what: 'unchanged', env: writtenEnv },
    { what: 'with an explicit default', env: withRef({ optional: false }) },
    { what: 'among others', env: [{ name: 'OTHER' }, ...writtenEnv] },
  ])('counts if it exists: $what', ({ env }) => {
    expect(reconciled({ initContainers: [{ ...aws, env }] }, referring)).toEqual({
      operations: [],
      refusals: [],
    })
  })

  it.each([
    { what: 'of another Secret', env: withRef({ name: 'other' }) },
    { what: 'of another key', env: withRef({ key: 'other' }) },
    { what: 'that is optional', env: withRef({ optional: true }) },
    { what: 'with a plain value', env: [{ name: 'TOKEN', value: 'own' }, writtenEnv[1]] },
    {
      what: 'from a ConfigMap',
      env: [{ name: 'TOKEN', valueFrom: { configMapKeyRef: ref } }, writtenEnv[1]],
    },
  ])('makes a container with a variable $what a different one', ({ env }) => {
    expect(reconciled({ initContainers: [{ ...aws, env }] }, referring).refusals).toMatchObject([
      { why: 'the pod has another container of this name' },
    ])
  })
})

describe('the pull containers of a pod', () => {
  const own = { name: 'own', image: 'own' }
  it.each([
    { what: 'before its own init containers', before: [own], after: [written, writtenGcp, own] },
    { what: 'if it has none', before: undefined, after: [written, writtenGcp] },
    { what: 'if it has null', before: null, after: [written, writtenGcp] },
    {
      what: 'beside an existing one, which stays in place',
      before: [own, gcp],
      after: [written, own, gcp],
    },
  ])('are added in order $what', ({ before, after }) => {
    expect(initContainersAfter(before)).toEqual(after)
  })

  it.each([
    { what: 'unchanged', change: {} },
    { what: 'with another image', change: { image: 'mirror/image:v1' } },
    { what: 'with other resources', change: { resources: {} } },
    { what: 'with more variables', change: { env: [{ name: 'AWS_REGION', value: 'x' }, ...written.env] } },
    {
      what: 'with more mounts',
      change: {
        volumeMounts: [
          { name: 'token', mountPath: '/token' },
          { ...aws.volumeMounts[0], readOnly: false },
        ],
      },
    },
  ])('stay if they exist, $what', ({ change }) => {
    expect(reconciled({ initContainers: [{ ...written, ...change }] }, aws)).toEqual({
      operations: [],
      refusals: [],
    })
  })

  it('are written with their secret values and their security context, without their volumes', () => {
    const hidden: PullContainer = {
      ...aws,
      env: [{ name: 'CONTENT', value: new SecretValue('a$b') }],
      securityContext: { runAsNonRoot: true },
      privateVolumes: [{ kind: 'memory', name: 'home' }],
    }
    const { operations } = reconciled({}, hidden)
    const securityContext = { runAsNonRoot: true }
    expect(applied({ spec: {} }, operations).spec.initContainers).toEqual([
      { ...written, env: [{ name: 'CONTENT', value: 'a$$b' }], securityContext },
    ])
  })

  it('stay if they exist with another security context', () => {
    const there = { ...written, securityContext: { runAsUser: 1 } }
    const { operations, refusals } = reconciled({ initContainers: [there] }, { ...aws, securityContext: {} })
    expect({ operations, refusals }).toEqual({ operations: [], refusals: [] })
  })

  it.each([
    { value: 'a\0', why: 'a variable cannot contain a NUL' },
    {
      value: 'x'.repeat(131_072),
      why: 'its name and value exceed the 131072 bytes that Linux allows',
    },
  ])('are refused if no process could start with them: $why', ({ value, why }) => {
    const container = { ...aws, env: [{ name: 'A', value: new SecretValue(value) }] } as const
    expect(reconciled({}, container).refusals).toEqual([
      { by, what: `variable A of init container ${aws.name}`, why },
    ])
  })

  const refusal = (name: string) => [
    { by, what: `init container ${name}`, why: 'the pod has another container of this name' },
  ]
  it.each([
    { what: 'another value', change: { env: [{ name: 'SECRET_ARN', value: 'other' }] } },
    { what: 'no variables', change: { env: undefined } },
    { what: 'the variable twice', change: { env: [...written.env, ...written.env] } },
    { what: 'no mounts', change: { volumeMounts: undefined } },
    { what: 'another volume', change: { volumeMounts: [{ name: 'other', mountPath: '/tmp' }] } },
    { what: 'another path', change: { volumeMounts: [{ name: 'vol', mountPath: '/other' }] } },
    {
      what: 'a part of the volume',
      change: { volumeMounts: [{ name: 'vol', mountPath: '/tmp', subPath: 'p' }] },
    },
  ])('are refused if another init container of that name has $what', ({ change }) => {
    const { operations, refusals } = reconciled({ initContainers: [{ ...written, ...change }] }, aws)
    expect({ operations, refusals }).toEqual({ operations: [], refusals: refusal(aws.name) })
  })

  it('are refused if another init container of that name has another command', () => {
    const other = { ...gcp, command: ['sh', '-ec', 'false'] }
    expect(reconciled({ initContainers: [other] }, gcp).refusals).toEqual(refusal(gcp.name))
    expect(reconciled({ initContainers: [{ ...gcp, command: undefined }] }, gcp).refusals).toEqual(
      refusal(gcp.name),
    )
  })

  it('are refused if another init container of that name has some of the mounts', () => {
    const two = { ...gcp, volumeMounts: [...gcp.volumeMounts, { name: 'other', mountPath: '/o' }] as const }
    expect(reconciled({ initContainers: [gcp] }, two).refusals).toEqual(refusal(gcp.name))
    expect(reconciled({ initContainers: [two] }, two).refusals).toEqual([])
  })

  it('are refused if the name is that of a container', () => {
    expect(reconciled({ containers: [written] }, aws).refusals).toEqual(refusal(aws.name))
  })

  it('share the resources that the pod has as a whole', () => {
    const { operations } = reconciled({ resources: { limits: { cpu: '1' } } }, aws, gcp)
    const { resources: _, ...first } = written
    const { resources: __, ...second } = writtenGcp
    expect(applied({ spec: {} }, operations).spec.initContainers).toEqual([first, second])
  })

  it('are refused if Linux does not allow a word of their command as the kubelet writes it', () => {
    const withWord = (word: string) => reconciled({}, { ...gcp, command: ['sh', '-ec', word] }).refusals
    const why = 'one of its words exceeds the 131072 bytes that Linux allows'
    expect(withWord('x'.repeat(131_072))).toEqual([
      { by, what: `the command of init container ${gcp.name}`, why },
    ])
    expect(withWord('x'.repeat(131_071))).toEqual([])
    expect(withWord('$$'.repeat(131_071))).toEqual([])
    expect(withWord('ä'.repeat(65_536))).toHaveLength(1)
  })

  it('are refused one by one, each with its reason', () => {
    const { refusals } = reconciled({ containers: [{ name: aws.name }, { name: gcp.name }] }, aws, gcp)
    expect(refusals).toEqual([...refusal(aws.name), ...refusal(gcp.name)])
  })
})

describe('the volumes that only pull containers mount', () => {
  it('are those of every container, requested by the same annotations', () => {
    const items = [{ key: 'K', path: 'value' }] as const
    const containers = [
      { ...aws, privateVolumes: [{ kind: 'memory', name: 'home' }] },
      gcp,
      { ...gcp, privateVolumes: [{ kind: 'secret', name: 'v', secretName: 's', items }] },
    ] as const
    expect(privateVolumes({ containers, by })).toEqual([
      { kind: 'memory', name: 'home', by },
      { kind: 'secret', name: 'v', secretName: 's', items: [{ key: 'K', path: 'value', by }], by },
    ])
  })
})
