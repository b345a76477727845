import { describe, expect, it } from 'vitest'
import { readPod, takesPart } from '../../lib/pod/pod.ts'
import type { Json } from '../support/pods.ts'

const empty = {
  labels: {},
  annotations: {},
  hasOwnResources: false,
  volumes: undefined,
  initContainers: undefined,
  containers: [],
}

describe('a pod', () => {
  it('is read with everything in its lists', () => {
    const env = [{ name: 'A', value: '1', aFieldOfTheFuture: true }]
    const volumeMounts = [{ name: 'v', mountPath: '/v', readOnly: true }]
    const volumes = [{ name: 'v', emptyDir: {} }]
    const container = { name: 'main', image: 'i', command: ['c'], env, volumeMounts }
    const devices = { name: 'init', volumeDevices: [{ name: 'd', devicePath: '/dev/d' }] }
    const metadata = { labels: { l: '1' }, annotations: { a: '2' } }
    expect(
      readPod({
        metadata,
        spec: {
          os: { name: 'linux' },
          resources: {},
          volumes,
          initContainers: [devices],
          containers: [container],
        },
      }),
    ).toEqual({
      kind: 'pod',
      pod: {
        labels: { l: '1' },
        annotations: { a: '2' },
        os: 'linux',
        hasOwnResources: true,
        volumes,
        initContainers: [{ pointer: '/spec/initContainers/0', name: 'init', devicePaths: ['/dev/d'] }],
        containers: [
          { pointer: '/spec/containers/0', name: 'main', command: ['c'], env, volumeMounts, devicePaths: [] },
        ],
      },
    })
  })

  it.each([
    { what: 'only a spec', pod: { spec: {} } },
    { what: 'null for its metadata', pod: { metadata: null, spec: {} } },
    {
      what: 'null for every list',
      pod: {
        metadata: { labels: null, annotations: null },
        spec: { os: null, resources: null, volumes: null, initContainers: null, containers: null },
      },
    },
  ])('can have $what', ({ pod }) => {
    expect(readPod(pod)).toEqual({ kind: 'pod', pod: empty })
  })

  it('can have null for the lists of a container', () => {
    const container = { name: 'main', env: null, volumeMounts: null, volumeDevices: null }
    expect(readPod({ spec: { containers: [container] } })).toMatchObject({
      pod: { containers: [{ env: undefined, volumeMounts: undefined, devicePaths: [] }] },
    })
  })

  it('can have a device without a path', () => {
    const container = { name: 'main', volumeDevices: [{ name: 'd' }, { name: 'e', devicePath: '/dev/e' }] }
    expect(readPod({ spec: { containers: [container] } })).toMatchObject({
      pod: { containers: [{ devicePaths: ['', '/dev/e'] }] },
    })
  })

  const named = 'a list of objects with a name'
  const inContainer = (fields: Json) => ({ spec: { containers: [{ name: 'a' }, { name: 'b', ...fields }] } })
  it.each([
    { pod: { metadata: [], spec: {} }, field: 'metadata', expected: 'an object' },
    { pod: {}, field: 'spec', expected: 'an object' },
    { pod: { spec: 'x' }, field: 'spec', expected: 'an object' },
    { pod: { metadata: { labels: [] }, spec: {} }, field: 'metadata.labels', expected: 'an object' },
    {
      pod: { metadata: { labels: { l: 1 } }, spec: {} },
      field: 'metadata.labels',
      expected: 'an object of strings',
    },
    {
      pod: { metadata: { annotations: { a: null } }, spec: {} },
      field: 'metadata.annotations',
      expected: 'an object of strings',
    },
    { pod: { spec: { volumes: {} } }, field: 'spec.volumes', expected: named },
    { pod: { spec: { volumes: [{ name: 1 }] } }, field: 'spec.volumes', expected: named },
    { pod: { spec: { initContainers: [null] } }, field: 'spec.initContainers', expected: named },
    { pod: { spec: { containers: ['main'] } }, field: 'spec.containers', expected: named },
    { pod: inContainer({ env: [{}] }), field: 'spec.containers[1].env', expected: named },
    { pod: inContainer({ volumeDevices: 1 }), field: 'spec.containers[1].volumeDevices', expected: named },
    { pod: inContainer({ volumeMounts: [{}] }), field: 'spec.containers[1].volumeMounts', expected: named },
    {
      pod: inContainer({ volumeMounts: [{ name: 'v', mountPath: '/v' }, { name: 'w' }] }),
      field: 'spec.containers[1].volumeMounts',
      expected: 'a list of objects with a name and a mountPath',
    },
  ])('is malformed if $field is not $expected', ({ pod, field, expected }) => {
    expect(readPod(pod)).toEqual({ kind: 'malformed', field, expected })
  })

  it('is malformed in the first of several wrong fields', () => {
    expect(readPod({ metadata: { labels: 1 }, spec: { volumes: 1 } })).toMatchObject({
      field: 'metadata.labels',
    })
  })
})

describe('a pod with the label', () => {
  it('takes part', () => {
    expect(takesPart({ metadata: { labels: { 'inject-flyte-secrets': 'true', other: '1' } } })).toBe(true)
  })

  it.each([
    { what: 'another value', pod: { metadata: { labels: { 'inject-flyte-secrets': 'True' } } } },
    { what: 'a value that is not text', pod: { metadata: { labels: { 'inject-flyte-secrets': true } } } },
    {
      what: 'the label as an annotation',
      pod: { metadata: { annotations: { 'inject-flyte-secrets': 'true' } } },
    },
    { what: 'null for its labels', pod: { metadata: { labels: null } } },
    { what: 'no metadata', pod: {} },
  ])('does not take part with $what', ({ pod }) => {
    expect(takesPart(pod)).toBe(false)
  })
})
