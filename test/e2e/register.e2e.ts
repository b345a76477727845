import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import type { Json } from '../support/pods.ts'
import { run } from '../support/program.ts'
import { podAsking } from '../support/webhook.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { namespace, pods, until } from './registration.ts'
import { token, WebhookServer } from './webhook-server.ts'

const admission = '/apis/admissionregistration.k8s.io/v1'
const registered = `${admission}/mutatingwebhookconfigurations/flyte-pod-webhook`
const guards = [
  `${admission}/validatingadmissionpolicies/flyte-pod-webhook-guard`,
  `${admission}/validatingadmissionpolicybindings/flyte-pod-webhook-guard`,
]

interface Ended {
  readonly status: number | NodeJS.Signals
  readonly stdout: string
  readonly stderr: string
}

describe.skipIf(assets === undefined)('an operator at a real API server', { timeout: 60_000 }, () => {
  let api: ApiServer
  let webhooks: WebhookServer
  let folder: string
  let kubeconfig: string
  let lastName = 0

  beforeAll(async () => {
    ;[api, webhooks] = await Promise.all([ApiServer.start(assets ?? ''), WebhookServer.start()])
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'kube-system' } })
    await webhooks.deploy('production', { sections: {} })
    folder = await mkdtemp(join(tmpdir(), 'register-'))
    kubeconfig = await api.kubeconfig()
    await writeFile(join(folder, 'token'), `${token}\n`)
    await writeFile(join(folder, 'ca.pem'), webhooks.caBundle)
    await writeFile(join(folder, 'admit.yaml'), 'function: {onFailure: admit}')
  })

  afterEach(async () => {
    for (const path of [...guards, registered]) await api.send('DELETE', path)
  })

  afterAll(async () => {
    await Promise.all([api.stop(), webhooks.stop()])
    await rm(folder, { recursive: true })
  })

  /** Runs the command as an operator does. Proves that only a manifest holds the token. */
  const command = async (name: string, args: readonly string[] = []): Promise<Ended> => {
    const program = run(process.execPath, ['infra/cli/flyte-webhook.js', name, ...args], {
      cwd: projectRoot,
      env: { ...process.env, KUBECONFIG: kubeconfig },
    })
    const status = await program.ended
    const [stdout, stderr] = [program.stdout(), program.stderr()]
    if (name !== 'manifest') expect(stdout + stderr).not.toContain(token)
    return { status, stdout, stderr }
  }

  const naming = (more: readonly string[] = []): readonly string[] => [
    `--url=${webhooks.baseUrl}`,
    '--cluster=production',
    `--token-file=${join(folder, 'token')}`,
    `--ca-bundle=${join(folder, 'ca.pem')}`,
    ...more,
  ]

  const register = async (...more: readonly string[]): Promise<Ended> => {
    const ended = await command('register', naming(more))
    expect(ended).toMatchObject({ status: 0 })
    return ended
  }

  const podOf = (changes: Json = {}): Json => {
    const { metadata, spec } = podAsking({ group: 'db', key: 'password', mount_requirement: 'ENV_VAR' })
    return { metadata: { ...metadata, name: `pod-${++lastName}`, ...changes }, spec }
  }
  /** Returns whether the API server accepted the pod, and whether the pod has its secret. */
  const outcomeOf = async (pod: Json, { path = pods, user = 'alice' } = {}): Promise<string> => {
    const { status, json } = await api.send('POST', `${path}?dryRun=All`, pod, { 'impersonate-user': user })
    if (status !== 201) return json.message
    return json.spec.containers[0].env === undefined ? 'taken as it was' : 'served'
  }
  const untilIs = (expected: string | RegExp, pod = podOf()) =>
    until(`a pod is ${expected}`, async () => new RegExp(expected).test(await outcomeOf(pod)))
  const isThere = async (path: string) => (await api.send('GET', path)).status === 200

  it('shows the changes in a dry run, without making them', async () => {
    const { stdout } = await register('--dry-run', '--guard')
    expect(stdout).toContain('MutatingWebhookConfiguration flyte-pod-webhook: would be created')
    expect(stdout).toContain('ValidatingAdmissionPolicy flyte-pod-webhook-guard: would be created')
    for (const path of [registered, ...guards]) expect(await isThere(path)).toBe(false)
  })

  it('registers, and prints what the API server sends and where', async () => {
    const { stdout, stderr } = await register()
    expect(stdout).toContain(': created\n')
    expect(stdout).toContain(`to          ${webhooks.baseUrl}/production/***/mutate--v1-pod\n`)
    expect(stdout).toContain('labels      inject-flyte-secrets=true\n')
    expect(stdout).toContain('namespaces  kubernetes.io/metadata.name notin (kube-system)\n')
    // This function has its own secrets-prefix, so its configuration differs.
    expect(stderr).toMatch(/^warning: the function runs the configuration [0-9a-f]{16}, .*\n$/)
    await untilIs('served')
    expect((await register()).stdout).toContain('flyte-pod-webhook: unchanged\n')
    expect((await register('--failure-policy', 'Ignore')).stdout).toContain('flyte-pod-webhook: changed\n')
  })

  it('prints the registered object as JSON, without the token', async () => {
    const { stdout } = await register('--output', 'json')
    const { json } = await api.send('GET', registered)
    const [webhook] = json.webhooks
    expect(webhook.clientConfig.url).toContain(token)
    const url = `${webhooks.baseUrl}/production/***/mutate--v1-pod`
    expect(JSON.parse(stdout)).toEqual({
      dryRun: false,
      objects: [{ kind: 'MutatingWebhookConfiguration', name: 'flyte-pod-webhook', change: 'created' }],
      webhooks: [{ ...webhook, clientConfig: { ...webhook.clientConfig, url } }],
    })
  })

  it.each(['yaml', 'json'])(
    'creates the same objects with kubectl from a manifest in %s as with register',
    async (format) => {
      const objects = async (): Promise<Json[]> => {
        const answers = await Promise.all([registered, ...guards].map((path) => api.send('GET', path)))
        return answers.map(({ json: { webhooks: sent, spec } }) => sent ?? spec)
      }
      const { stdout } = await command('manifest', naming(['--guard', '--output', format]))
      expect(await api.kubectl(['apply', '--server-side', '-f', '-'], stdout)).toMatchObject({ status: 0 })
      const applied = await objects()
      for (const path of [...guards, registered]) await api.send('DELETE', path)
      await register('--guard')
      expect(applied).toEqual(await objects())
    },
  )

  it('registers a URL that does not answer only with --skip-probe', async () => {
    const wrong = ['--url', `${webhooks.baseUrl}/stage`, '--cluster', 'staging']
    const given = ['--token-file', join(folder, 'token')]
    const { status, stdout, stderr } = await command('register', [...wrong, ...given])
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^error: https:\S+\/stage\/staging\/\*\*\*\/mutate--v1-pod: no public .*\n$/)
    expect(await isThere(registered)).toBe(false)
    expect(await command('register', [...wrong, ...given, '--skip-probe'])).toMatchObject({ status: 0 })
    expect(await isThere(registered)).toBe(true)
  })

  it('takes fields of another field manager only with --force-conflicts', async () => {
    const other = (await command('manifest', naming())).stdout.replace(
      'timeoutSeconds: 15',
      'timeoutSeconds: 7',
    )
    await api.kubectl(['apply', '--server-side', '--field-manager=argocd', '-f', '-'], other)
    const refused = await command('register', naming(['--guard']))
    expect(refused).toMatchObject({ status: 1, stdout: '' })
    expect(refused.stderr).toMatch(/"argocd".*\.timeoutSeconds.*--force-conflicts takes over these fields\n$/)
    // Creates not even the guard, although nobody has refused it.
    for (const path of guards) expect(await isThere(path)).toBe(false)
    expect((await register('--force-conflicts')).stdout).toContain('time-out    15 s')
    expect(await command('unregister')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('argocd owns some of its fields'),
    })
    expect(await isThere(registered)).toBe(true)
    expect(await command('unregister', ['--force'])).toMatchObject({ status: 0 })
    expect(await isThere(registered)).toBe(false)
  })

  it("removes the object of Flyte's own webhook only with --force", async () => {
    const service = { name: 'flyte-pod-webhook', namespace: 'flyte', path: '/mutate--v1-pod' }
    await api.send('POST', `${admission}/mutatingwebhookconfigurations?fieldManager=flyte-webhook`, {
      metadata: { name: 'flyte-pod-webhook' },
      webhooks: [
        {
          name: 'flyte-pod-webhook.flyte.org',
          clientConfig: { service },
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    })
    for (const ended of [
      await command('register', naming(['--force-conflicts'])),
      await command('unregister', ['--dry-run']),
    ]) {
      expect(ended).toMatchObject({ status: 1, stdout: '' })
      expect(ended.stderr).toContain('calls the Service flyte/flyte-pod-webhook')
    }
    const removed = await command('unregister', ['--force'])
    expect(removed.stdout).toContain('to          Service flyte/flyte-pod-webhook\n')
    await register()
  })

  it('removes the registered objects once', async () => {
    await register('--guard')
    const tried = (await command('unregister', ['--dry-run'])).stdout
    expect(tried).toContain('would be removed')
    expect(tried).not.toContain('previously')
    const asJson = await command('unregister', ['--dry-run', '--output', 'json'])
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      dryRun: true,
      objects: [
        { kind: 'ValidatingAdmissionPolicyBinding', change: 'removed' },
        { kind: 'ValidatingAdmissionPolicy', change: 'removed' },
        { kind: 'MutatingWebhookConfiguration', name: 'flyte-pod-webhook', change: 'removed' },
      ],
      webhooks: [{ clientConfig: { url: expect.stringContaining('/production/***/') } }],
    })
    expect(asJson.stdout).not.toContain(token)
    expect(await isThere(registered)).toBe(true)
    const { stdout } = await command('unregister')
    expect(stdout).toContain('\npreviously:\nflyte-pod-webhook.flyte.org receives CREATE of pods\n')
    expect(stdout).toContain(`to          ${webhooks.baseUrl}/production/***/mutate--v1-pod\n`)
    for (const path of [registered, ...guards]) expect(await isThere(path)).toBe(false)
    expect(await command('unregister')).toMatchObject({ status: 0, stdout: 'nothing to remove\n' })
    await untilIs('taken as it was')
  })

  describe('with a guard', () => {
    const refusal = 'got none'

    it('refuses pods without secrets while the webhook is away, and the rest of the cluster keeps working', async () => {
      await register('--guard', '--failure-policy', 'Ignore')
      await untilIs('served')
      await webhooks.unplug()
      await untilIs(refusal)
      const { status, stderr } = await api.kubectl(
        ['create', '--namespace', namespace, '-f', '-'],
        JSON.stringify({ apiVersion: 'v1', kind: 'Pod', ...podOf() }),
      )
      expect(status).toBe(1)
      expect(stderr).toContain('Forbidden')
      expect(stderr).not.toContain(token)
      const labels = { 'inject-flyte-secrets': 'true' }
      expect(await outcomeOf(podOf({ labels: {} }))).toBe('taken as it was')
      expect(await outcomeOf(podOf({ labels, annotations: {} }))).toBe('taken as it was')
      expect(await outcomeOf(podOf(), { path: '/api/v1/namespaces/kube-system/pods' })).toBe(
        'taken as it was',
      )
      const { metadata, spec } = podOf()
      const env = [{ name: 'FLYTE_SECRETS_DEFAULT_DIR', value: '/etc/flyte/secrets' }]
      const initContainers = [{ name: 'init', image: 'image', env }]
      expect(await outcomeOf({ metadata, spec: { ...spec, initContainers } })).toBe('taken as it was')
      await webhooks.listen()
      await untilIs('served')
    })

    it('admits pods of a break-glass user or group only with the annotation', async () => {
      const chosen = ['--break-glass-user', 'alice', '--break-glass-group', 'system:authenticated']
      const skipping = podOf()
      skipping.metadata.annotations['flyte-webhook.flyte.org/skip'] = 'an outage'
      await register('--guard', ...chosen.slice(0, 2))
      await untilIs('taken as it was', skipping)
      expect(await outcomeOf(podOf())).toBe('served')
      expect(await outcomeOf(skipping, { user: 'mallory' })).toBe('served')
      await api.send('DELETE', registered)
      await untilIs(refusal)
      expect(await outcomeOf(skipping)).toBe('taken as it was')
      expect(await outcomeOf(skipping, { user: 'mallory' })).toContain(refusal)
      await register('--guard', ...chosen)
      await until('the group is chosen', async () => {
        return (await outcomeOf(skipping, { user: 'mallory' })) === 'taken as it was'
      })
    })

    it('reports that the guard stays, and refuses it if pods may start without secrets', async () => {
      await register('--guard')
      expect((await register()).stderr).toContain('the guard of an earlier registration stays')
      const admitting = ['--config', join(folder, 'admit.yaml')]
      const refused = await command('register', naming(admitting))
      expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('onFailure: admit') })
      for (const name of ['register', 'manifest']) {
        const wrong = await command(name, naming([...admitting, '--guard']))
        expect(wrong).toMatchObject({ status: 2, stdout: '' })
      }
    })
  })
})
