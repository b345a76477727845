import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isAnnotationKey, isDnsLabel } from '../../lib/kubernetes-names.ts'
import type { PullContainer, Want } from '../../lib/manager-kit/wants.ts'
import { cleanPath } from '../../lib/clean-path.ts'
import { podAsking, reviewedBy } from '../managers/decided.ts'
import { madeFor, variable } from '../managers/made.ts'
import { operationsOf, patched } from '../support/patch.ts'
import { type Json, withApiServerDefaults } from '../support/pods.ts'
import { depth } from '../support/depth.ts'

const root = '/etc/flyte/secrets'
const mostly = <T>(good: readonly T[], bad: readonly T[]) =>
  fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...bad) },
  )
const names = mostly(['a', 'b', 'c', 'd-1'], ['', 'A', 'a_b', 'n'.repeat(64)])
const mountPaths = mostly(
  [`${root}/x`, `${root}/y`, `${root}/x/z`, root],
  ['/bin', '/', `${root}/..`, `${root}/x/`, `${root}x`],
)
const sources = mostly<Json>(
  [
    { csi: { driver: 'd' } },
    { csi: { driver: 'd', readOnly: true } },
    { emptyDir: {} },
    { projected: { sources: [] } },
  ],
  [{}, { csi: 'x' }, { csi: {}, emptyDir: {} }],
)
const items = fc.record({
  key: mostly(['k', 'l'], ['', 'a b']),
  path: mostly(['k', 'l/m'], ['/k', '../k', '']),
})
const wants: fc.Arbitrary<Want> = fc.oneof(
  fc.record({ kind: fc.constant('volume' as const), name: names, mountPath: mountPaths, source: sources }),
  fc.record({
    kind: fc.constant('secretVolume' as const),
    name: names,
    secretName: names,
    mountPath: mountPaths,
    item: items,
  }),
  fc.record({
    kind: fc.constant('fetch' as const),
    identity: names,
    name: names,
    mountPath: mountPaths,
    step: fc.constant({}),
  }),
  fc.record({
    kind: fc.constant('variable' as const),
    name: mostly(['V', 'W'], ['a=b', '']),
    sources: fc.tuple(
      fc.record({
        kind: fc.constant('fileKeyRef' as const),
        volumeName: mostly(['a', 'b'], ['', 'A']),
        path: mostly(['x.env', '.env/x'], ['/x', '../x', '']),
        key: fc.constant('V'),
        content: mostly(['one'], ['other']),
      }),
    ),
  }),
  fc.record({ kind: fc.constant('envFile' as const), identity: names, step: fc.constant({}) }),
  fc.record({
    kind: fc.constant('annotation' as const),
    key: mostly(['example.com/a', 'b'], ['', 'a/b/c']),
    value: names,
    when: fc.constant('always' as const),
  }),
)
const containers = fc.array(
  fc.record({
    name: names,
    image: fc.constant('i'),
    resources: fc.constant({}),
    volumeMounts: fc.tuple(fc.record({ name: names, mountPath: mostly(['/m', '/'], ['m', '/m/', '']) })),
    privateVolumes: fc.tuple(
      fc.record({ kind: fc.constant('memory' as const), name: mostly(['a', 'b'], ['']) }),
    ),
  }),
  { minLength: 1, maxLength: 2 },
)
const requests = fc.array(fc.array(wants, { maxLength: 2 }), { minLength: 1, maxLength: 2 })

/** Checks the pod against Kubernetes' validation, and the paths against this project's rules. */
const expectValid = (pod: Json): void => {
  const unique = (all: readonly string[]) => expect(new Set(all).size).toBe(all.length)
  const volumes: string[] = (pod.spec.volumes ?? []).map(({ name }: Json) => name)
  const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
  unique(volumes)
  unique(all.map(({ name }) => name))
  for (const name of [...volumes, ...all.map((container) => container.name)])
    expect(isDnsLabel(name)).toBe(true)
  for (const key of Object.keys(pod.metadata.annotations)) expect(isAnnotationKey(key)).toBe(true)
  for (const { env = [] } of all)
    for (const { valueFrom } of env)
      if (valueFrom?.fileKeyRef !== undefined)
        expect(pod.spec.volumes).toContainEqual({
          name: valueFrom.fileKeyRef.volumeName,
          emptyDir: { medium: 'Memory' },
        })
  for (const { volumeMounts = [] } of all) {
    unique(volumeMounts.map(({ mountPath }: Json) => mountPath))
    for (const { name, mountPath } of volumeMounts) {
      expect(volumes).toContain(name)
      expect(cleanPath(mountPath)).toBe(mountPath)
    }
  }
  for (const { volumeMounts = [] } of pod.spec.containers)
    for (const { mountPath } of volumeMounts) expect(`${mountPath}/`.startsWith(`${root}/`)).toBe(true)
}

it('whatever a manager wants, the pod is denied or valid, and a second run finds nothing to do', async () => {
  let served = 0
  await fc.assert(
    fc.asyncProperty(requests, containers, async (asked, [first, ...rest]) => {
      const made = madeFor(Object.fromEntries(asked.map((own, index) => [`k${index}`, [...own, variable]])), [
        first as PullContainer,
        ...rest,
      ])
      const pod = podAsking(...asked.map((_, index) => ({ key: `k${index}` })))
      const review = await reviewedBy([made], pod)
      if (!review.response.allowed) return
      served++
      const after = patched(pod, review)
      expectValid(after)
      expect(operationsOf(await reviewedBy([made], withApiServerDefaults(after)))).toEqual([])
    }),
    { numRuns: depth(1500) },
  )
  expect(served).toBeGreaterThan(depth(200))
})
