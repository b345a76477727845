import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createProgram } from '../../infra/cli/program.ts'
import type { Finding } from '../../infra/doctor/finding.ts'
import { undocumentedFindings } from '../messages/known.ts'
import { captureTerminal } from '../support/captured-terminal.ts'
import type { Json } from '../support/pods.ts'
import { sha256Hex } from '../support/webhook.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { OtherWebhook, withoutFileKeys } from './other-webhook.ts'
import { register, unregister, until } from './registration.ts'

const accounts = '/api/v1/namespaces/default/serviceaccounts'
const deployments = '/apis/apps/v1/namespaces/default/deployments'
const registered = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/flyte-pod-webhook'
const token = 'abcdefghijklmnopqrstuvwxyz_ABCDEFGHIJK-0123'
const callers = { clusters: { production: { tokenSha256: [sha256Hex(token)] } } }

const node = (name: string, kubeletVersion: string): readonly [path: string, object: Json] => [
  '/api/v1/nodes',
  { metadata: { name }, status: { nodeInfo: { kubeletVersion } } },
]
const runs = (name: string, image: string): readonly [path: string, object: Json] => [
  deployments,
  {
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }] } },
    },
  },
]
const role = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/tasks' }
const tasks: readonly [path: string, object: Json] = [
  accounts,
  { metadata: { name: 'tasks', annotations: role } },
]
const young = node('young', 'v1.35.0-eks-1')

/** Rewrites the containers of pods under a role, as pod-identity-webhook before v0.6.9. */
const asPodIdentity = ({ containers, initContainers = [], ...spec }: Json): Json =>
  spec.serviceAccountName === 'tasks'
    ? {
        ...spec,
        containers: containers.map(withoutFileKeys),
        initContainers: initContainers.map(withoutFileKeys),
      }
    : { ...spec, containers, initContainers }
/** Drops the field from init containers, as vault-k8s before 1.7.1 does with `agent-init-first`. */
const asVault = ({ initContainers = [], ...spec }: Json): Json => ({
  ...spec,
  initContainers: initContainers.map(withoutFileKeys),
})
/** Drops the variable and its source, which every API server accepts. */
const withoutVariables = (spec: Json): Json => ({
  ...spec,
  containers: spec.containers.map(({ env: _, ...rest }: Json) => rest),
})

/** An API server, with the commands that an operator runs against it. */
class Cluster {
  readonly #folder: string
  readonly #kubeconfig: string
  readonly api: ApiServer
  #made: string[] = []

  private constructor(api: ApiServer, folder: string, kubeconfig: string) {
    this.api = api
    this.#folder = folder
    this.#kubeconfig = kubeconfig
  }

  static async start(...flags: readonly string[]): Promise<Cluster> {
    const api = await ApiServer.start(assets ?? '', flags)
    const folder = await mkdtemp(join(tmpdir(), 'env-files-'))
    await writeFile(join(folder, 'token'), token)
    await until('the namespace is there', async () => {
      return (await api.send('GET', '/api/v1/namespaces/default')).status === 200
    })
    return new Cluster(api, folder, await api.kubeconfig())
  }

  async stop(): Promise<void> {
    await this.api.stop()
    await rm(this.#folder, { recursive: true })
  }

  async create(...objects: readonly (readonly [path: string, object: Json])[]): Promise<void> {
    for (const [path, object] of objects) {
      const { status, json } = await this.api.send('POST', path, object)
      if (status !== 201) throw new Error(JSON.stringify(json))
      this.#made.push(`${path}/${object.metadata.name}`)
    }
  }

  async clean(): Promise<void> {
    for (const path of [...this.#made, registered]) await this.api.send('DELETE', path)
    this.#made = []
  }

  /** Returns what `doctor` finds about variables from files. */
  async findings(sections: Json = {}): Promise<readonly Finding[]> {
    const { stdout } = await this.#run(['doctor', '--output=json'], sections)
    const findings: readonly Finding[] = JSON.parse(stdout).findings
    const undocumented = undocumentedFindings(findings)
    if (undocumented.length > 0) throw new Error(`undocumented: ${undocumented.join('; ')}`)
    return findings.filter(({ check }) => check === 'env-files')
  }

  /** Returns the warnings of `register`. */
  async notes(...more: readonly string[]): Promise<string> {
    const url = ['--url=https://h.example/prod', '--cluster=production', '--skip-probe']
    const words = ['register', ...url, `--token-file=${join(this.#folder, 'token')}`, ...more]
    return (await this.#run(words, {})).stderr
  }

  async #run(words: readonly string[], sections: Json): Promise<{ stdout: string; stderr: string }> {
    const config = join(this.#folder, 'webhook.yaml')
    await writeFile(config, JSON.stringify({ ...sections, function: { callers, envFiles: ['prod*'] } }))
    const { terminal, written } = captureTerminal()
    const program = createProgram({ terminal, now: () => new Date(), environment: {} })
    const given = [...words, `--kubeconfig=${this.#kubeconfig}`, `--config=${config}`]
    await program.parseAsync(given, { from: 'user' })
    process.exitCode = undefined
    const { stdout, stderr } = written
    if ((stdout + stderr).includes(token)) throw new Error('the token is printed')
    return { stdout, stderr }
  }
}

const text = (part: string): unknown => expect.stringContaining(part)

describe.skipIf(assets === undefined)('variables from files', { timeout: 60_000 }, () => {
  describe('at a real API server', () => {
    let cluster: Cluster
    let webhook: OtherWebhook
    beforeAll(async () => {
      ;[cluster, webhook] = await Promise.all([Cluster.start(), OtherWebhook.start()])
    })
    afterEach(async () => {
      await unregister(cluster.api, 'a-webhook')
      await cluster.clean()
    })
    afterAll(async () => {
      webhook.stop()
      await cluster.stop()
    })

    /** Registers this webhook; nobody needs its answer. */
    const registerOwn = async (): Promise<void> => void (await cluster.notes())
    const nodesSay = (version: string): Json => ({ nodeInfo: { kubeletVersion: version } })

    it('pass if all nodes are recent and a pod keeps them, without storing a pod', async () => {
      await cluster.create(young, tasks)
      expect(await cluster.notes()).toBe('')
      expect(await cluster.findings()).toEqual([
        {
          check: 'env-files',
          level: 'ok',
          message:
            'every kubelet is 1.35 or later, and a pod in default, under the service account tasks with its IAM role, keeps fileKeyRef (server-side dry run)',
        },
      ])
      expect((await cluster.api.send('GET', '/api/v1/pods')).json.items).toEqual([])
    })

    it('are checked again when the kubelet of a node changes', async () => {
      await cluster.create(young, node('old', 'v1.34.2'))
      await registerOwn()
      expect(await cluster.findings()).toEqual([
        expect.objectContaining({ level: 'problem', message: text('1 of 2 nodes') }),
      ])
      const { json } = await cluster.api.send('GET', '/api/v1/nodes/old')
      const upgraded = { ...json, status: nodesSay('v1.35.1') }
      await cluster.api.send('PUT', '/api/v1/nodes/old/status', upgraded)
      expect(await cluster.findings()).toEqual([
        expect.objectContaining({ level: 'ok', message: text('no service account there has an IAM role') }),
      ])
    })

    it('are not checked in a cluster without nodes', async () => {
      await registerOwn()
      expect(await cluster.findings()).toEqual([
        { check: 'env-files', level: 'warning', message: 'skipped: the cluster has no nodes now' },
      ])
    })

    it.each([
      {
        what: 'pod-identity-webhook',
        name: 'iam-for-pods.amazonaws.com',
        mutate: asPodIdentity,
        says: 'under the service account tasks with its IAM role, loses fileKeyRef to a webhook (server-side dry run): probably iam-for-pods.amazonaws.com, because pod-identity-webhook before 0.6.9 drops it',
      },
      {
        what: 'Vault’s injector',
        name: 'vault.hashicorp.com',
        mutate: asVault,
        says: 'probably vault.hashicorp.com, because vault-k8s before 1.7.1 drops it',
      },
      {
        what: 'another webhook',
        name: 'other.example.com',
        mutate: withoutVariables,
        says: 'loses fileKeyRef to a webhook (server-side dry run); candidates: other.example.com',
      },
    ])('fail if $what drops them', async ({ name, mutate, says }) => {
      await cluster.create(young, tasks)
      await registerOwn()
      webhook.mutate = (pod) => ({ ...pod, spec: mutate(pod.spec) })
      await register(cluster.api, 'a-webhook', [webhook.webhook(name)])
      let findings: readonly Finding[] = []
      await until('the webhook is called', async () => {
        findings = await cluster.findings()
        return findings.some(({ level }) => level === 'problem')
      })
      expect(findings).toEqual([expect.objectContaining({ level: 'problem', message: text(says) })])
    })

    it('fail if image tags show a webhook that drops them', async () => {
      await cluster.create(
        young,
        runs('pod-identity-webhook', 'amazon/amazon-eks-pod-identity-webhook:v0.6.8'),
        runs('vault-agent-injector', 'hashicorp/vault-k8s:1.7.0'),
      )
      await registerOwn()
      const found = ['Deployment default/pod-identity-webhook runs pod-identity-webhook v0.6.8']
      const problems = (texts: readonly string[]) =>
        texts.map((part) => expect.objectContaining({ level: 'problem', message: text(part) }))
      expect(await cluster.findings()).toEqual(problems(found))
      expect(await cluster.findings({ webhook: { secretManagerType: 'Vault' } })).toEqual(
        problems([...found, 'Deployment default/vault-agent-injector runs vault-k8s 1.7.0']),
      )
    })

    it('cause a warning of register, which still registers', async () => {
      await cluster.create(young, node('old', 'v1.34.2'))
      const note =
        'warning: function.envFiles: 1 of 2 nodes have a kubelet before 1.35, where a variable from a file is silently empty: old (v1.34.2) → upgrade these nodes, or leave the cluster out of function.envFiles\n'
      expect(await cluster.notes('--dry-run')).toBe(note)
      expect((await cluster.api.send('GET', registered)).status).toBe(404)
      expect(await cluster.notes()).toBe(note)
      expect((await cluster.api.send('GET', registered)).status).toBe(200)
    })

    it('do not concern register if only another cluster has them', async () => {
      expect(await cluster.notes('--cluster=staging')).toBe('')
    })
  })

  describe('at an API server that has the feature gate off', () => {
    let cluster: Cluster
    beforeAll(async () => {
      cluster = await Cluster.start('--feature-gates=EnvFiles=false')
    })
    afterAll(() => cluster.stop())

    it('are reported by doctor and register', async () => {
      await cluster.create(young)
      const says = 'has the feature gate EnvFiles off: it refuses pods with a fileKeyRef'
      expect(await cluster.notes()).toMatch(
        new RegExp(`^warning: function\\.envFiles: the API server .* ${says} → .*\n$`),
      )
      expect(await cluster.findings()).toEqual([
        expect.objectContaining({ level: 'problem', message: text(says) }),
      ])
    })
  })
})
