import { describe, expect, it } from 'vitest'
import type { NonEmpty } from '../../lib/errors.ts'
import { createAwsCli } from '../../lib/managers/aws-cli.ts'
import { createAws } from '../../lib/managers/aws.ts'
import { createK8s } from '../../lib/managers/k8s.ts'
import { injectors } from '../../lib/managers/injectors.ts'
import { createVault } from '../../lib/managers/vault.ts'
import type { Desired } from '../../lib/pod/desired.ts'
import { merge } from '../../lib/pod/merge.ts'
import { reconcile } from '../../lib/pod/reconcile.ts'
import type { Placing } from '../../lib/pod/variables.ts'
import { type Json, withApiServerDefaults } from '../support/pods.ts'
import { type Asked, found } from './found.ts'
import { applied, podOf } from './pods.ts'
import { host } from '../../lib/manager-testing/samples.ts'

const k8s = createK8s({ envVarPrefix: '_FSEC_', emptyGroup: 'refused' })
const aws = createAws({ sidecarImage: 'image', resources: {} })
const awsCli = createAwsCli({ cliImage: 'image', resources: {} }, host)
const vault = createVault({ role: 'flyte', kvVersion: '2', annotations: {} }, host)
const arn = 'arn:aws:secretsmanager:us-east-2:111122223333:secret'
const secret = { group: 'db', key: 'k' }
const asVariable = { ...secret, mountRequirement: 'ENV_VAR' } as const

/** Returns what requests want for a pod. One manager does all fetches. */
const desiredBy = async (...asked: readonly Asked[]): Promise<Desired> => {
  const { merged, refusals } = merge(await found(...asked))
  expect(refusals).toEqual([])
  const { fetches, ...rest } = merged
  const [manager] = asked.find(([{ name }]) => name === fetches?.manager) ?? []
  const containers = fetches && manager?.pullContainers?.(fetches.steps)
  return { ...rest, pulls: fetches && containers && { containers, by: fetches.by } }
}

const refusalsOf = (spec: Json, desired: Desired, placing: Placing = 'append') => {
  const result = reconcile(podOf({ metadata: { annotations: {} }, spec }), desired, { placing, injectors })
  return result.kind === 'refused' ? result.refusals : []
}

/** Returns a pod after reconciling. Checks that a second run changes nothing, also after the API server adds its defaults. */
const podAfter = (pod: Json, desired: Desired, placing: Placing = 'append'): Json => {
  const change = (object: Json) => {
    const result = reconcile(podOf(object), desired, { placing, injectors })
    if (result.kind === 'refused') throw new Error(JSON.stringify(result.refusals))
    return result.value
  }
  const after = applied(pod, JSON.parse(change(pod).patch ?? '[]'))
  expect(change(after).patch).toBeUndefined()
  expect(change(withApiServerDefaults(after)).patch).toBeUndefined()
  return after
}

const main = { name: 'main', image: 'i', aFieldOfTheFuture: [null] }
const prepare = { name: 'prepare', image: 'i' }
const podWith = (spec: Json): Json => ({ metadata: { annotations: { own: '1' } }, spec })
const names = (containers: Json[]): string[] => containers.map(({ name }) => name)
const served = (containers: Json[]): string[] => names(containers.filter(({ env }) => env !== undefined))

describe('a pod', () => {
  it.each(['append', 'prepend-and-replace'] as const)(
    'gets all that is desired, once (%s)',
    async (placing) => {
      const desired = await desiredBy(
        [k8s, asVariable],
        [k8s, { ...secret, key: 'f' }],
        [aws, { group: arn, key: 'k' }],
      )
      const { spec } = podAfter(podWith({ containers: [main], initContainers: [prepare] }), desired, placing)
      expect(names(spec.initContainers)).toEqual(['aws-pull-secret-0', 'prepare'])
      expect(names(spec.volumes)).toEqual(['mrrf5', 'aws-secret-vol'])
      for (const container of [spec.initContainers[1], spec.containers[0]]) {
        expect(container.env).toContainEqual({
          name: 'FLYTE_SECRETS_DEFAULT_DIR',
          value: '/etc/flyte/secrets',
        })
        expect(names(container.volumeMounts)).toEqual(['mrrf5', 'aws-secret-vol'])
      }
      expect(spec.containers[0]).toMatchObject(main)
    },
  )

  it('gets nothing if nothing is desired', () => {
    const nothing: Desired = { variables: [], files: [], volumes: [], annotations: [], pulls: undefined }
    expect(reconcile(podOf({ spec: {} }), nothing, { placing: 'append', injectors })).toEqual({
      kind: 'ok',
      value: { patch: undefined, operations: 0, patchBytes: 0, meetings: [] },
    })
  })

  it('reports each container that has a variable already', async () => {
    const env = [{ name: '_FSEC_DB_K', value: 'own' }]
    const spec = { containers: [{ ...main, env }], initContainers: [prepare, { name: 'other', env }] }
    const desired = await desiredBy([k8s, asVariable])
    const result = reconcile(podOf({ spec }), desired, { placing: 'append', injectors })
    expect(result.kind === 'ok' && result.value.meetings).toEqual([
      { variable: '_FSEC_DB_K', container: 'other', outcome: 'kept' },
      { variable: '_FSEC_DB_K', container: 'main', outcome: 'kept' },
    ])
  })
})

describe('the containers of a pod', () => {
  const initContainers = [{ name: 'vault-agent-init' }, prepare, { name: 'late' }]
  const containers = [main, { name: 'vault-agent' }, { name: 'logs' }]
  const injected = (pod: Json, status: string): Json => ({
    ...pod,
    metadata: { annotations: { 'vault.hashicorp.com/agent-inject-status': status } },
  })

  it('are all served except those that fetch the secrets', async () => {
    const { spec } = podAfter(
      injected(podWith({ containers, initContainers }), 'injected'),
      await desiredBy([aws, { group: arn, key: 'k' }]),
    )
    expect(names(spec.initContainers)).toEqual(['aws-pull-secret-0', 'vault-agent-init', 'prepare', 'late'])
    expect(served(spec.initContainers.slice(1))).toEqual(['prepare', 'late'])
    expect(served(spec.containers)).toEqual(['main', 'logs'])
  })

  it.each([{ status: undefined }, { status: 'update' }])(
    "are served if they only have the names of Vault's (status $status)",
    async ({ status }) => {
      const pod = podWith({ containers, initContainers })
      const { spec } = podAfter(
        status === undefined ? pod : injected(pod, status),
        await desiredBy([k8s, secret]),
      )
      expect(served(spec.initContainers)).toEqual(names(initContainers))
      expect(served(spec.containers)).toEqual(names(containers))
    },
  )

  it('are also served if they are inserted later', async () => {
    const desired = await desiredBy([aws, { group: arn, key: 'k' }])
    const first = podAfter(podWith({ containers: [main] }), desired)
    first.spec.initContainers.unshift({ name: 'came-later' })
    const { spec } = podAfter(first, desired)
    expect(names(spec.initContainers)).toEqual(['came-later', 'aws-pull-secret-0'])
    expect(served(spec.initContainers.slice(0, 1))).toEqual(['came-later'])
  })
})

describe('the volumes that only an init container of ours mounts', () => {
  const home = 'aws-cli-home'
  const mounting = (containers: Json[]): string[] =>
    names(containers.filter(({ volumeMounts }) => volumeMounts.some(({ name }: Json) => name === home)))

  it('are in the pod, and no other container sees them', async () => {
    const desired = await desiredBy([awsCli, { group: 'db', key: 'k' }])
    const { spec } = podAfter(podWith({ containers: [main], initContainers: [prepare] }), desired)
    expect(names(spec.volumes)).toEqual(['aws-secret-vol', home])
    expect(mounting([...spec.initContainers, ...spec.containers])).toEqual(['aws-pull-secrets'])
  })

  it('deny a pod that has another volume of that name', async () => {
    const desired = await desiredBy([awsCli, { group: 'db', key: 'k' }])
    const spec = { containers: [main], volumes: [{ name: home, emptyDir: {} }] }
    const why = 'the pod has a volume of this name, but not the expected memory volume'
    expect(refusalsOf(spec, desired)).toEqual([{ by: ['flyte.secrets/s0'], what: `volume ${home}`, why }])
  })
})

describe('the annotations for Vault', () => {
  const first = 'vault.hashicorp.com/agent-init-first'
  const agent = { name: 'vault-agent-init' }
  it.each([
    { what: 'no init containers', initContainers: undefined, value: undefined },
    { what: 'only that of Vault', initContainers: [agent], status: 'injected', value: undefined },
    { what: 'one of its own', initContainers: [agent, prepare], status: 'injected', value: 'true' },
    { what: 'one of its own with the name of that of Vault', initContainers: [agent], value: 'true' },
  ])('put the agent first only if needed: $what', async ({ initContainers, status, value }) => {
    const own = status === undefined ? { own: '1' } : { 'vault.hashicorp.com/agent-inject-status': status }
    const pod = podAfter(
      { metadata: { annotations: own }, spec: { containers: [main], initContainers } },
      await desiredBy([vault, secret]),
    )
    expect(pod.metadata.annotations).toMatchObject({ ...own, 'vault.hashicorp.com/agent-inject': 'true' })
    expect(pod.metadata.annotations[first]).toBe(value)
  })
})

describe('a pod is refused', () => {
  it('for every reason in it', async () => {
    const mounted = (name: string) => ({
      name,
      volumeMounts: [{ name: 'own', mountPath: '/etc/flyte/secrets/db' }],
    })
    const spec = {
      volumes: [{ name: 'mrrf5' }],
      containers: [mounted('main')],
      initContainers: [mounted('prepare')],
    }
    const desired = await desiredBy([k8s, { ...secret, envVar: 'A=B' }])
    expect(refusalsOf(spec, desired).map(({ what }) => what)).toEqual([
      'variable A=B',
      'a mount in container prepare',
      'a mount in container main',
      'volume mrrf5',
    ])
  })

  it('for too large a patch, naming every request, and the work ends there', async () => {
    const containers = Array.from({ length: 6000 }, (_, index) => ({ name: `c${index}` }))
    const desired = await desiredBy([k8s, asVariable], [k8s, secret])
    const why = 'it would be larger than 1048576 bytes'
    expect(refusalsOf({ containers, volumes: [{ name: 'mrrf5' }] }, desired)).toEqual([
      { by: ['flyte.secrets/s0', 'flyte.secrets/s1'], what: 'the patch', why },
    ])
  })

  it('for the containers that fetch', async () => {
    const desired = await desiredBy([aws, { group: arn, key: 'k' }])
    const by = ['flyte.secrets/s0'] satisfies NonEmpty<string>
    expect(refusalsOf({ containers: [{ name: 'aws-pull-secret-0' }] }, desired)).toEqual([
      { by, what: 'init container aws-pull-secret-0', why: 'the pod has another container of this name' },
    ])
  })
})
