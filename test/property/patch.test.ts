import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configurations, pods } from '../support/arbitrary-pods.ts'
import { operationsOf, patched } from '../support/patch.ts'
import { type Json, withApiServerDefaults } from '../support/pods.ts'
import { injectedByVault } from '../support/vault-injector.ts'
import { call, configFrom, reviewOf, webhookIn } from '../support/webhook.ts'
import { depth } from '../support/depth.ts'

const environment = { FLYTE_SECRET_API_USER: 'p$(HOME)$$x' }
const worlds = fc.record({ sections: configurations, pod: pods })

const webhookFor = (sections: object) => webhookIn({ config: configFrom(sections), environment }).webhook

/** Returns whether one value contains another: all fields of an object, all elements of an array in order. */
const isIn = (before: Json, after: Json): boolean => {
  if (before === null || typeof before !== 'object')
    return Object.is(before, after) || (before === null && Array.isArray(after))
  if (!Array.isArray(before)) return Object.keys(before).every((key) => isIn(before[key], after?.[key]))
  let at = 0
  for (const element of before) {
    while (at < after.length && !isIn(element, after[at])) at++
    if (at++ >= after.length) return false
  }
  return true
}

const shuffledKeys = (value: Json): Json =>
  value === null || typeof value !== 'object'
    ? value
    : Array.isArray(value)
      ? value.map(shuffledKeys)
      : Object.fromEntries(
          Object.entries(value)
            .toReversed()
            .map(([key, inner]) => [key, shuffledKeys(inner)]),
        )

/** Checks the lists that a patch touches against Kubernetes' validation. */
const expectValid = (pod: Json): void => {
  const unique = (names: readonly string[]) => expect(new Set(names).size).toBe(names.length)
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
  const volumes: string[] = (pod.spec.volumes ?? []).map(({ name }: Json) => name)
  unique(containers.map(({ name }) => name))
  unique(volumes)
  for (const { env, volumeMounts } of containers) {
    unique((volumeMounts ?? []).map(({ mountPath }: Json) => mountPath))
    for (const { name } of volumeMounts ?? []) expect(name === 'data' || volumes.includes(name)).toBe(true)
    for (const { name } of env ?? []) expect(name).toMatch(/^[ -<>-~]+$/)
  }
}

const isInjected = ({ metadata }: Json): boolean =>
  metadata.annotations['vault.hashicorp.com/agent-inject-status'] === 'injected'

const envVolumes = ['flyte-secret-env', 'vault-secrets']
const writesEnv = ({ volumeMounts = [] }: Json): boolean =>
  volumeMounts.some(({ mountPath }: Json) => mountPath === '/mnt/flyte-secret-env')

/** Returns the references to files that the patch added to a container. */
const newReferences = (container: Json, before: Json): Json[] => {
  const own = new Set((before?.env ?? []).map((entry: Json) => JSON.stringify(entry)))
  return (container.env ?? [])
    .filter((entry: Json) => !own.has(JSON.stringify(entry)))
    .flatMap(({ valueFrom }: Json) => valueFrom?.fileKeyRef ?? [])
}

/** Checks that the file of each variable is written before its container starts. Returns the number of new references. */
const expectWrittenInTime = (pod: Json, result: Json): number => {
  const init: Json[] = result.spec.initContainers ?? []
  const all = [...init, ...result.spec.containers]
  const before = new Map(
    [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map((container) => [
      container.name,
      container,
    ]),
  )
  const added = all.map((container) => newReferences(container, before.get(container.name)))
  for (const [index, references] of added.entries())
    for (const { volumeName, path, key, optional } of references) {
      expect({ isOurs: envVolumes.includes(volumeName), key, optional }).toEqual({ isOurs: true, key: 'V' })
      // Before Vault's injector runs, its volume does not exist.
      if (volumeName === 'vault-secrets' && !isInjected(result)) continue
      const writers = init.filter((one) =>
        volumeName === 'vault-secrets'
          ? one.name === 'vault-agent-init'
          : writesEnv(one) && JSON.stringify(one.command).includes(path),
      )
      expect(writers).toHaveLength(1)
      expect(index).toBeGreaterThan(init.indexOf(writers[0]))
      expect(result.spec.volumes).toContainEqual(
        expect.objectContaining({ name: volumeName, emptyDir: expect.anything() }),
      )
    }
  return added.flat().length
}

/** `validatePodResourceConsistency`: the containers' total requests must not exceed the pod's resources. */
const expectSharedResources = (pod: Json, result: Json): void => {
  const own = new Set((pod.spec.initContainers ?? []).map(({ name }: Json) => name))
  for (const container of result.spec.initContainers ?? [])
    if (!own.has(container.name)) expect('resources' in container).toBe(!('resources' in pod.spec))
}

describe('for any pod, any requests and any configuration', () => {
  it('the patch applies, leaves a valid pod, and a second run finds nothing to do', async () => {
    let applied = 0
    let fromFiles = 0
    await fc.assert(
      fc.asyncProperty(worlds, async ({ sections, pod }) => {
        const webhook = webhookFor(sections)
        const { status, json } = await call(webhook, reviewOf(pod))
        expect(status).toBe(200)
        if (operationsOf(json).length === 0) return
        applied++
        const result = patched(pod, json)
        expectValid(result)
        expectSharedResources(pod, result)
        fromFiles += expectWrittenInTime(pod, result)
        for (const again of [result, withApiServerDefaults(result)]) {
          const second = (await call(webhook, reviewOf(again))).json
          expect(second.response.allowed).toBe(true)
          expect(operationsOf(second)).toEqual([])
        }
      }),
      { numRuns: depth(3000) },
    )
    // Proves that the webhook patched enough pods.
    expect(applied).toBeGreaterThan(depth(500))
    expect(fromFiles).toBeGreaterThan(depth(200))
  })

  it('no container has a variable whose file is written later, wherever other webhooks insert one', async () => {
    let withReferences = 0
    await fc.assert(
      fc.asyncProperty(worlds, fc.nat(3), async ({ sections, pod }, at) => {
        // No API server stores a pod with two containers of the agent's name.
        fc.pre(!JSON.stringify(pod.spec).includes('"vault-agent-init"'))
        const webhook = webhookFor(sections)
        const result = patched(pod, (await call(webhook, reviewOf(pod))).json)
        const stored = injectedByVault(withApiServerDefaults(result))
        const between = (stored.spec.initContainers ?? []).toSpliced(at, 0, {
          name: 'in-between',
          image: 'image',
        })
        const back = { ...stored, spec: { ...stored.spec, initContainers: between } }
        const second = (await call(webhook, reviewOf(back))).json
        if (!second.response.allowed) return
        const own = second.response.warnings?.some((text: string) =>
          text.includes('before its file is written'),
        )
        withReferences += expectWrittenInTime(back, patched(back, second)) > 0 || own === true ? 1 : 0
      }),
      { numRuns: depth(3000) },
    )
    expect(withReferences).toBeGreaterThan(depth(50))
  })

  it('the result keeps everything that the pod had', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async ({ sections, pod }) => {
        fc.pre(sections.function.profile === 'flyte1')
        const { json } = await call(webhookFor(sections), reviewOf(pod))
        expect(isIn(withoutReadOnly(pod), patched(pod, json))).toBe(true)
      }),
      { numRuns: depth(2000) },
    )
  })

  it('the flyte2 profile replaces variables and keeps everything else', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async ({ sections, pod }) => {
        fc.pre(sections.function.profile === 'flyte2')
        const { json } = await call(webhookFor(sections), reviewOf(pod))
        expect(isIn(withoutReadOnly(withoutEnv(pod)), patched(pod, json))).toBe(true)
      }),
      { numRuns: depth(2000) },
    )
  })

  it('the order of keys makes no difference', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async ({ sections, pod }) => {
        const webhook = webhookFor(sections)
        const [one, other] = [
          await call(webhook, reviewOf(pod)),
          await call(webhook, reviewOf(shuffledKeys(pod))),
        ]
        expect(other.json).toEqual(one.json)
      }),
      { numRuns: depth(1000) },
    )
  })
})

const withoutEnv = (pod: Json): Json => mapContainers(pod, ({ env: _, ...container }) => container)

/** Ignores `readOnly`: the webhook makes a mount of a secret's volume above another mount writable. */
const withoutReadOnly = (pod: Json): Json =>
  mapContainers(pod, (container) => ({
    ...container,
    ...('volumeMounts' in container
      ? { volumeMounts: container.volumeMounts.map(({ readOnly: _, ...mount }: Json) => mount) }
      : {}),
  }))

const mapContainers = (pod: Json, map: (container: Json) => Json): Json => {
  const { initContainers, containers } = pod.spec
  const lists = {
    containers: containers.map(map),
    ...(initContainers ? { initContainers: initContainers.map(map) } : {}),
  }
  return { ...pod, spec: { ...pod.spec, ...lists } }
}
