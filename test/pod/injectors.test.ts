import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import type { Injector } from '../../lib/manager-kit/injector.ts'
import type { Desired } from '../../lib/pod/desired.ts'
import { reconcile } from '../../lib/pod/reconcile.ts'
import { podAsking } from '../managers/decided.ts'
import { patched } from '../support/patch.ts'
import type { Json } from '../support/pods.ts'
import { call, configOf, reviewOf, webhookIn } from '../support/webhook.ts'
import { applied, podOf } from './pods.ts'

const root = '/etc/flyte/secrets'
const by = ['flyte.secrets/s0'] as const
const desired: Desired = {
  variables: [{ name: 'A', sources: [{ kind: 'literal', value: '1' }], by }],
  files: [{ path: `${root}/db/password`, root, by }],
  volumes: [],
  annotations: [{ key: 'example.com/first', value: 'true', when: 'other-init-containers', by }],
  pulls: undefined,
}

const doppler: Injector = {
  injected: { key: 'doppler.example/status', value: 'done' },
  first: 'doppler.example/first',
  containers: ['doppler-init'],
  volumes: /^doppler$/,
}

const podAfter = (status: string, injectors: readonly Injector[]): Json => {
  const pod = {
    metadata: { annotations: { 'doppler.example/status': status } },
    spec: {
      initContainers: [{ name: 'doppler-init' }],
      containers: [{ name: 'main', volumeMounts: [{ name: 'doppler', mountPath: root }] }],
    },
  }
  const result = reconcile(podOf(pod), desired, { placing: 'append', injectors })
  return result.kind === 'ok' ? applied(pod, JSON.parse(result.value.patch ?? '[]')) : result.refusals
}

describe('a known injector', () => {
  it('keeps its containers unserved in a pod that it has changed', () => {
    const { metadata, spec } = podAfter('done', [doppler])
    expect(spec.initContainers).toEqual([{ name: 'doppler-init' }])
    expect(spec.containers[0].env).toEqual([{ name: 'A', value: '1' }])
    expect(metadata.annotations).not.toHaveProperty(['example.com/first'])
  })

  it('does not affect containers of these names in a pod that it has not changed', () => {
    const { metadata, spec } = podAfter('other', [doppler])
    expect(spec.initContainers[0].env).toEqual([{ name: 'A', value: '1' }])
    expect(metadata.annotations).toHaveProperty(['example.com/first'], 'true')
  })

  it('mounts its volume at the root of the files, where another volume would hide them', () => {
    expect(podAfter('done', [])).toMatchObject([{ what: 'a mount in container main' }])
  })
})

it('Vault’s injector is known whatever managers are configured', async () => {
  const pod = podAsking({ group: 'db', key: 'password' })
  pod.metadata.annotations['vault.hashicorp.com/agent-inject-status'] = 'injected'
  pod.spec.initContainers = [{ name: 'vault-agent-init', image: 'vault' }]
  const { webhook } = webhookIn({ config: configOf('webhook: {secretManagerType: K8s}') })
  const { spec } = patched(pod, (await call(webhook, reviewOf(pod))).json)
  expect(spec.initContainers).toEqual(pod.spec.initContainers)
  expect(spec.containers[0].volumeMounts).toHaveLength(1)
})

it('the code in lib/pod names no injector: injectors are data', () => {
  const files = globSync('lib/pod/*.ts', { cwd: projectRoot })
  expect(files.length).toBeGreaterThan(10)
  expect(files.filter((file) => /vault/i.test(readFileSync(join(projectRoot, file), 'utf8')))).toEqual([])
})
