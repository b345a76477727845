import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyPatch } from 'rfc6902'
import { annotationOf } from '../support/annotation.ts'
import { flyteWebhook } from '../support/command.ts'
import type { Json } from '../support/pods.ts'
import { md5Hex } from '../../lib/digest.ts'
import { ApiServer } from './api-server.ts'
import { watched } from './watched-reads.ts'
import { assets } from './assets.ts'
import { inWorld, namespace, pods, register, until, webhookOf } from './registration.ts'
import { SecretsManagerServer } from './secrets-manager.ts'
import { WebhookServer } from './webhook-server.ts'

const planted = 'planted-$(HOME)-77c1'
const environment = { FLYTE_SECRET_GLOBAL_TOKEN: planted }
const password = { group: 'db', key: 'password', mount_requirement: 'ENV_VAR', env_var: 'DB_PASSWORD' }
const ofGlobal = { group: 'global', key: 'token', env_var: 'TOKEN' }

const podAsking = (name: string, ...secrets: readonly object[]): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace,
    labels: { 'inject-flyte-secrets': 'true' },
    annotations: Object.fromEntries(
      secrets.map((secret, i) => [`flyte.secrets/s${i}`, annotationOf(secret)]),
    ),
  },
  spec: { containers: [{ name: 'main', image: 'image' }] },
})

describe.skipIf(assets === undefined)('flyte-webhook preview --pod', () => {
  let api: ApiServer
  let webhooks: WebhookServer
  let secretsManager: SecretsManagerServer
  let folder: string
  let connection: readonly string[]

  beforeAll(async () => {
    ;[api, webhooks, secretsManager, folder] = await Promise.all([
      ApiServer.start(assets ?? ''),
      WebhookServer.start(),
      SecretsManagerServer.start(),
      mkdtemp(join(tmpdir(), 'preview-')),
    ])
    connection = ['--kubeconfig', await api.kubeconfig()]
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
    await webhooks.deploy('usual', { sections: {}, environment })
    const usual = webhookOf({ name: 'usual', url: webhooks.urlOf('usual'), caBundle: webhooks.caBundle })
    await register(api, 'flyte-pod-webhook', [usual])
    await until('the registration is active', async () => {
      await api.send('POST', `${pods}?dryRun=All`, inWorld(podAsking('probe', password), 'usual'))
      return webhooks.calls.has('usual')
    })
  }, 120_000)

  afterAll(async () => {
    await Promise.all([
      api.stop(),
      webhooks.stop(),
      secretsManager.stop(),
      rm(folder, { recursive: true, force: true }),
    ])
  })

  const create = async (pod: Json): Promise<Json> => {
    const { status, json } = await api.send('POST', pods, pod)
    expect(status).toBe(201)
    return json
  }
  const preview = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    flyteWebhook(['preview', ...connection, ...args], { env })

  it('shows how an unserved pod would be served, and asks for more secrets', async () => {
    await create(podAsking('unserved', password))
    const run = await preview(['--pod', `${namespace}/unserved`, '--secret', 'api/key:ENV_VAR'])
    expect(run).toMatchObject({ status: 0, stderr: '' })
    expect(run.stdout).toContain('+        - name: _FSEC_DB_PASSWORD\n')
    expect(run.stdout).toContain('+        - name: _FSEC_API_KEY\n')
    expect(run.stdout).toMatch(
      /flyte\.secrets\/s1 {2}api\/key:ENV_VAR\n {2}Global: skipped: .*\n {2}K8s: will inject \(existence not checked\): /,
    )
  })

  it('reports no change for a served pod, and shows none of its values', async () => {
    const served = await create(inWorld(podAsking('served', password, ofGlobal), 'usual'))
    expect(JSON.stringify(served.spec)).toContain('77c1')
    for (const output of ['text', 'json']) {
      const run = await preview(['--pod', `${namespace}/served`, '--output', output], environment)
      expect(run).toMatchObject({ status: 0, stderr: '' })
      expect(run.stdout).toContain(
        output === 'text' ? 'no change: the pod already has its secrets' : '"patch": []',
      )
      expect(run.stdout).not.toContain('77c1')
    }
    // An additional secret is a change, and its unchanged context is hidden as well.
    const more = await preview(['--pod', `${namespace}/served`, '--secret', 'api/key:ENV_VAR'])
    expect(more.stdout).toContain('           value: "[redacted]"\n')
    expect(more.stdout).not.toContain('77c1')
  })

  it('reads the configured values from AWS and hides them, and reports failed reads', async () => {
    const scope = 'u__org__org__domain__development__project__flytesnacks__key__'
    const endpoint = secretsManager.serve('store', {
      [`${scope}a`]: { string: planted },
      [`${scope}down`]: { error: 'InternalServiceError' },
    })
    const config = join(folder, 'embedded-aws.yaml')
    const sections = {
      webhook: { secretManagerType: 'Embedded', embeddedSecretManagerConfig: { type: 'AWS' } },
      function: { profile: 'flyte2', aws: { endpoint }, registration: { timeoutSeconds: 2 } },
    }
    await writeFile(config, JSON.stringify(sections))
    const pod = podAsking('embedded')
    pod.metadata.labels = { organization: 'org', domain: 'development', project: 'flytesnacks' }
    await create(pod)
    const credentials = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: 'eu-west-1' }
    const asking = (...secrets: readonly string[]) =>
      preview(
        [
          '--config',
          config,
          '--pod',
          `${namespace}/embedded`,
          ...secrets.flatMap((one) => ['--secret', one]),
        ],
        credentials,
      )
    const found = await asking('/a:ENV_VAR=TOKEN', '/a:FILE')
    expect(found.status).toBe(0)
    expect(found.stdout).toContain('+        - name: TOKEN\n+          value: "[redacted]"\n')
    expect(found.stdout).toMatch(/\+ {8}- name: FILE_[0-9a-f]{32}\n\+ {10}value: "\[redacted\]"\n/)
    expect(found.stdout + found.stderr).not.toContain('77c1')
    const down = await asking('/down')
    expect(down.status).toBe(1)
    expect(down.stdout).toMatch(
      /^unavailable \(503 ServiceUnavailable\): .*\n\n.*\n {2}Global: .*\n {2}Embedded: failed: /,
    )
  })

  describe('with --check', () => {
    const secrets = `/api/v1/namespaces/${namespace}/secrets`
    const put = async (name: string, content: object): Promise<void> => {
      expect((await api.send('POST', secrets, { metadata: { name }, ...content })).status).toBe(201)
    }
    /** Returns the result of the check for each request that will be served. */
    const check = async (...args: readonly string[]) => {
      const run = await preview(['--pod', `${namespace}/unchecked`, '--check', ...args])
      expect(run.stdout + run.stderr).not.toContain('77c1')
      const said = [...run.stdout.matchAll(/\n {2}(\w+: will inject.*?): (?:variable|file)/g)]
      return { status: run.status, said: said.map(([, words]) => words) }
    }
    beforeAll(async () => {
      const pod = podAsking('unchecked')
      pod.metadata.labels = { organization: 'org', domain: 'development', project: 'flytesnacks' }
      await create(pod)
      await put('held', { stringData: { password: planted, 'ca.pem': planted } })
      // A Secret without managed fields, so its metadata does not name its keys.
      await put('bare', { data: { token: Buffer.from(planted).toString('base64') } })
      await api.send('PUT', `${secrets}/bare`, {
        metadata: { name: 'bare', managedFields: [{}] },
        data: { token: Buffer.from(planted).toString('base64') },
      })
    })

    it('finds Secrets and keys, as variable and as file, without showing a value', async () => {
      const asked = [
        '--secret',
        'held/password:ENV_VAR',
        '--secret',
        'held/ca.pem:FILE',
        '--secret',
        'bare/token',
      ]
      const yes = 'K8s: will inject (it exists)'
      expect(await check(...asked)).toEqual({ status: 0, said: [yes, yes, yes] })
    })

    it('names what is missing, and exits 3', async () => {
      expect(await check('--secret', 'held/token:FILE', '--secret', 'none/key:ENV_VAR')).toEqual({
        status: 3,
        said: [
          `K8s: will inject (missing: Secret ${namespace}/held has no key token)`,
          `K8s: will inject (missing: Secret ${namespace}/none does not exist)`,
        ],
      })
    })

    it('accepts one of the three Secrets that Embedded refers to', async () => {
      const config = join(folder, 'embedded-k8s.yaml')
      const embedded = { type: 'K8s', k8sConfig: { namespace } }
      await writeFile(
        config,
        JSON.stringify({
          webhook: { secretManagerTypes: ['Embedded'], embeddedSecretManagerConfig: embedded },
          function: { profile: 'flyte2' },
        }),
      )
      const scoped = 'u__org__org__domain__development__project____key__shared'
      await put(md5Hex(scoped), { stringData: { [scoped]: planted } })
      for (const mount of ['ENV_VAR', 'FILE'])
        expect(await check('--config', config, '--secret', `/shared:${mount}`)).toEqual({
          status: 0,
          said: ['Embedded: will inject (it exists)'],
        })
      const missing = await check('--config', config, '--secret', '/other')
      expect(missing.status).toBe(3)
      expect(missing.said[0]?.match(/Secret \S+ does not exist/g)).toHaveLength(3)
    })

    it('says that it cannot ask the stores of other managers', async () => {
      const config = join(folder, 'gcp.yaml')
      await writeFile(config, JSON.stringify({ webhook: { secretManagerType: 'GCP' } }))
      expect(await check('--config', config, '--secret', 'db/password@1:FILE')).toEqual({
        status: 0,
        said: ['GCP: will inject (existence not checked: this command cannot query its store)'],
      })
    })

    it('asks only for the metadata if that is enough', async () => {
      const { asked, kubeconfig, stop } = await watched(api)
      const run = async (...requests: readonly string[]) => {
        asked.length = 0
        const args = requests.flatMap((one) => ['--secret', one])
        const file = join(folder, 'plain.yaml')
        const ended = await flyteWebhook(['preview', file, '-n', namespace, ...args, '--check'], {
          env: { KUBECONFIG: kubeconfig },
        })
        expect(ended).toMatchObject({ status: 0, stderr: '' })
        return [...asked]
      }
      await writeFile(join(folder, 'plain.yaml'), JSON.stringify({ ...podAsking('plain'), kind: 'Pod' }))
      expect(await run('held/password')).toEqual(['held: metadata'])
      expect(await run('bare/token')).toEqual(['bare: metadata', 'bare: all'])
      await stop()
    })
  })

  it('predicts what the API server stores', async () => {
    const pod = inWorld(podAsking('foreseen', password), 'usual')
    const file = join(folder, 'pod.json')
    await writeFile(file, JSON.stringify(pod))
    const { patch } = JSON.parse((await preview([file, '--output', 'json'], environment)).stdout)
    const stored = await create(pod)
    const foreseen = structuredClone(pod)
    applyPatch(foreseen, patch)
    expect(foreseen.spec.containers[0].env).toHaveLength(3)
    expect(stored.spec.containers[0].env).toEqual(foreseen.spec.containers[0].env)
  })

  it('fails with one line if the pod or the context does not exist', async () => {
    const missing = await preview(['--pod', `${namespace}/none`])
    expect(missing).toMatchObject({ status: 1, stdout: '' })
    expect(missing.stderr).toBe(
      `error: the pod none does not exist in the namespace ${namespace} of this cluster\n`,
    )
    const elsewhere = await preview(['--pod', `${namespace}/served`, '--context', 'elsewhere'])
    expect(elsewhere).toMatchObject({ status: 2, stdout: '' })
    expect(elsewhere.stderr).toMatch(/^error: .*elsewhere.*\n$/)
  })
})
