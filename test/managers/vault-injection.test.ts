import { describe, expect, it } from 'vitest'
import { createVault } from '../../lib/managers/vault.ts'
import type { Json } from '../support/pods.ts'
import { podAsking, podServedBy, reviewedBy } from './decided.ts'
import { host, podFacts } from '../../lib/manager-testing/samples.ts'
import { resolved } from './resolved.ts'

const vault = (annotations: Readonly<Record<string, string>> = {}) =>
  createVault({ role: 'flyte', kvVersion: '2', annotations }, host)
const request = { group: 'kv/app', key: 'token' }
/** The id of the secret in annotations. */
const id = '4hzkxcik5zkugxltwwmizl5leomlo4ofr4631mqic'
const name = (annotation: string): string => `vault.hashicorp.com/${annotation}`
const named = (annotations: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(annotations).map(([key, value]) => [name(key), value]))

interface Own {
  readonly annotations?: Readonly<Record<string, string>>
  readonly operators?: Readonly<Record<string, string>>
  readonly initContainers?: readonly string[]
  readonly containers?: readonly string[]
}

const said = ({ annotations = {}, operators = {}, initContainers = [], containers = ['main'] }: Own) =>
  resolved(vault(named(operators)), request, {
    ...podFacts(),
    annotations: named(annotations),
    initContainers,
    containers,
  })

/** Returns the wanted value of each of the injector's annotations, with `ID` for the id of the secret. */
const wished = async (own: Own): Promise<Record<string, string>> => {
  const { wants }: Json = await said(own)
  return Object.fromEntries(
    wants
      .filter(({ kind }: Json) => kind === 'annotation')
      .map(({ key, value }: Json) => [key.replace(name(''), '').replace(/-[a-z0-9]{41}$/, '-ID'), value]),
  )
}

describe('an annotation that keeps Vault from a pod', () => {
  it.each([
    { own: { annotations: { 'agent-inject': 'false' } }, named: 'agent-inject' },
    { own: { annotations: { 'agent-inject': '' } }, named: 'agent-inject' },
    { own: { annotations: { 'agent-inject': 'yes' } }, named: 'agent-inject' },
    { own: { operators: { 'agent-inject': '0' } }, named: 'agent-inject' },
    { own: { annotations: { 'agent-pre-populate': 'F' } }, named: 'agent-pre-populate' },
    { own: { annotations: { 'agent-configmap': 'mine' } }, named: 'agent-configmap' },
    { own: { annotations: { 'agent-inject-status': 'injected' } }, named: 'agent-inject-status' },
  ])('makes Vault skip the request, and is named: $own', async ({ own, named: annotation }) => {
    expect(await said(own)).toEqual({ kind: 'not-mine', reason: expect.stringContaining(name(annotation)) })
  })

  it.each([
    { own: { annotations: { 'agent-inject': 'True' } } },
    { own: { annotations: { 'agent-inject': '1' }, operators: { 'agent-inject': 'false' } } },
    { own: { annotations: { 'agent-pre-populate': 't' } } },
    { own: { annotations: { 'agent-configmap': '' } } },
    { own: { annotations: { 'agent-inject-status': 'update' } } },
  ])('does not do so with a harmless value: $own', async ({ own }) => {
    expect(await said(own)).toMatchObject({ kind: 'found' })
  })

  it('denies the pod with the reason if no other manager has the secret', async () => {
    const pod = podAsking(request)
    pod.metadata.annotations[name('agent-inject')] = 'false'
    const { response } = await reviewedBy([vault()], pod)
    expect(response.allowed).toBe(false)
    expect(response.status.message).toContain(`Vault: the annotation ${name('agent-inject')} disables`)
  })
})

describe('a pod that the injector has already changed', () => {
  const pod = { annotations: { 'agent-inject-status': 'injected' }, initContainers: ['vault-agent-init'] }
  it('cannot get another secret', async () => {
    expect(await said(pod)).toEqual({
      kind: 'not-mine',
      reason: "Vault's injector changed the pod before this secret was requested",
    })
  })

  it('has the secrets that it asked for', async () => {
    const annotations = { ...pod.annotations, [`agent-inject-secret-${id}`]: 'kv/app' }
    expect(await said({ ...pod, annotations })).toMatchObject({ kind: 'found', warnings: [] })
  })
})

describe('the folder of a file of Vault', () => {
  it.each([
    { what: 'nothing sets another', own: {} },
    { what: 'the pod sets the same', own: { annotations: { 'secret-volume-path': '/etc/flyte/secrets/' } } },
    {
      what: "the pod's own files have their own folder",
      own: {
        annotations: { 'agent-inject-secret-db': 'db', 'secret-volume-path-db': '/vault/secrets' },
      },
    },
    { what: "the pod's own file is blank", own: { annotations: { 'agent-inject-secret-db': ' ' } } },
  ])('is the common one if $what', async ({ own }) => {
    const annotations = await wished(own)
    expect(annotations).toMatchObject({ 'secret-volume-path': '/etc/flyte/secrets' })
    expect(annotations).not.toHaveProperty('secret-volume-path-ID')
  })

  it.each([
    { what: 'the pod sets another', own: { annotations: { 'secret-volume-path': '/vault/secrets' } } },
    { what: 'the operator sets another', own: { operators: { 'secret-volume-path': '/vault/secrets' } } },
  ])('is set for the secret if $what', async ({ own }) => {
    expect(await wished(own)).toMatchObject({ 'secret-volume-path-ID': '/etc/flyte/secrets' })
  })

  it.each([
    { own: { 'agent-inject-secret-db': 'database/creds/db' } },
    { own: { 'agent-inject-template-db': '{{ with secret "x" }}{{ end }}' } },
    { own: { 'agent-inject-template-file-db': '/vault/custom/db.ctmpl' } },
    { own: { 'agent-inject-token': 'true' } },
  ])('keeps those of the pod, also where the operator sets another folder: $own', async ({ own }) => {
    const paths = ['/etc/flyte/secrets', '/etc/flyte/secrets/kv', '/foo']
    for (const operators of [{}, ...paths.map((path) => ({ 'secret-volume-path': path }))]) {
      const annotations = await wished({ annotations: own, operators })
      expect(annotations).toMatchObject({ 'secret-volume-path-ID': '/etc/flyte/secrets' })
      expect(annotations).not.toHaveProperty('secret-volume-path')
    }
  })

  it.each([
    { 'secret-volume-path': '/etc/flyte/secrets/kv' },
    { 'secret-volume-path-db': '/etc/flyte/secrets/kv/app/token' },
    { 'secret-volume-path': '/etc/flyte//secrets/kv' },
    { 'secret-volume-path': '/etc/flyte/secrets/../secrets/kv/.' },
    { 'secret-volume-path-db': 'etc/flyte/secrets/kv' },
    { 'secret-volume-path-db': '/etc/flyte/secrets/' },
    { 'secret-volume-path-db': '/etc/flyte/secrets', 'secret-volume-path': '/etc/flyte/secrets/' },
  ])('is refused below another volume of Vault, of the pod or the operator: %o', async (annotations) => {
    const [annotation] = Object.keys(annotations)
    const reason = `the annotation ${name(annotation ?? '')} mounts another volume over its file`
    expect(await said({ annotations })).toEqual({ kind: 'not-mine', reason })
    expect(await said({ operators: annotations })).toEqual({ kind: 'not-mine', reason })
  })

  it('is refused on the first call too if the operator mounts a volume there', async () => {
    const operators = vault(named({ 'secret-volume-path': '/etc/flyte/secrets/kv' }))
    const { response } = await reviewedBy([operators], podAsking(request))
    expect(response.allowed).toBe(false)
    expect(response.status.message).toContain('mounts another volume over its file')
  })

  it.each([
    { 'secret-volume-path': '/etc/flyte' },
    { 'secret-volume-path': '/etc/flyte/secrets-of-vault' },
    { 'secret-volume-path-db': '/etc/flyte/secrets/other' },
    { 'secret-volume-path': '/etc/flyte/./secrets' },
  ])('is not hidden by a volume elsewhere: %o', async (annotations) => {
    expect(await said({ annotations })).toMatchObject({ kind: 'found' })
    expect(await said({ operators: annotations })).toMatchObject({ kind: 'found' })
  })

  it.each([
    { [`agent-inject-secret-${id}`]: 'other' },
    { [`agent-inject-file-${id}`]: '../other' },
    { [`agent-inject-template-${id}`]: '' },
    { [`secret-volume-path-${id}`]: '/elsewhere' },
    { [`agent-template-left-delim-${id}`]: '[[' },
    { [`agent-template-right-delim-${id}`]: ']]' },
  ])('is refused if the pod sets something else: %o', async (annotations) => {
    const [annotation] = Object.keys(annotations)
    const reason = `the pod's annotation ${name(annotation ?? '')} has another value`
    expect(await said({ annotations })).toEqual({ kind: 'not-mine', reason })
  })

  it.each([
    { what: 'at the default path', own: { 'agent-inject-secret-db': 'database/creds/db' } },
    { what: 'elsewhere', own: { 'secret-volume-path': '/vault/secrets', 'agent-inject-secret-db': 'db' } },
  ])('is found again on a second run, next to files of the pod $what', async ({ own }) => {
    const pod = podAsking(request, { group: 'kv/app', key: 'other' })
    Object.assign(pod.metadata.annotations, named({ 'agent-inject': 'true', ...own }))
    const { annotations } = (await podServedBy(vault(), pod)).metadata
    const places = Object.entries(annotations).filter(([key]) => key.startsWith(name('secret-volume-path-')))
    expect(places.map(([, place]) => place)).toEqual(['/etc/flyte/secrets', '/etc/flyte/secrets'])
  })
})

describe('a warning of Vault', () => {
  const late = 'vault.hashicorp.com/agent-init-first lets init containers start before their secrets arrive'
  it.each([
    {
      own: { annotations: { 'secret-volume-path': '/vault/secrets' } },
      warnings: ["the pod's vault.hashicorp.com/secret-volume-path is kept, but only for its own files"],
    },
    { own: { operators: { 'secret-volume-path': '/vault/secrets' } }, warnings: [] },
    { own: { annotations: { role: 'mine', 'agent-pre-populate-only': 'false' } }, warnings: [] },
    {
      own: { annotations: { 'agent-init-first': 'false' }, initContainers: ['prepare'] },
      warnings: [late],
    },
    { own: { operators: { 'agent-init-first': 'no' }, initContainers: ['prepare'] }, warnings: [late] },
    { own: { annotations: { 'agent-init-first': 'true' }, initContainers: ['prepare'] }, warnings: [] },
    { own: { annotations: { 'agent-init-first': 'false' } }, warnings: [] },
    {
      own: { annotations: { 'agent-inject-containers': 'a,c' }, containers: ['a', 'b', 'c', 'd'] },
      warnings: ['vault.hashicorp.com/agent-inject-containers leaves out: b, d'],
    },
    { own: { annotations: { 'agent-inject-containers': 'a' }, containers: ['a'] }, warnings: [] },
    {
      own: {
        annotations: {
          'agent-inject-containers': 'a',
          'agent-init-first': 'false',
          'agent-inject-status': 'injected',
          [`agent-inject-secret-${id}`]: 'kv/app',
        },
        initContainers: ['vault-agent-init'],
        containers: ['a', 'vault-agent'],
      },
      warnings: [],
    },
  ])('names what the pod keeps or leaves out: $own', async ({ own, warnings }) => {
    expect(await said(own)).toMatchObject({ kind: 'found', warnings })
  })

  it('is given once for all secrets of a pod', async () => {
    const pod = podAsking(request, { group: 'kv/app', key: 'other' })
    pod.metadata.annotations[name('agent-inject-containers')] = ''
    const { response } = await reviewedBy([vault()], pod)
    expect(response.warnings).toEqual([`${name('agent-inject-containers')} leaves out: main`])
  })
})
