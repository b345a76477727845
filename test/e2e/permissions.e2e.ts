import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createProgram } from '../../infra/cli/program.ts'
import { projectRoot } from '../../infra/project-root.ts'
import { captureTerminal } from '../support/captured-terminal.ts'
import { blocksOf } from '../support/markdown.ts'
import type { Json } from '../support/pods.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { OtherWebhook, withoutFileKeys } from './other-webhook.ts'
import { until } from './registration.ts'
import { token, WebhookServer } from './webhook-server.ts'

const user = 'operator'
const admission = '/apis/admissionregistration.k8s.io/v1'
const configurations = `${admission}/mutatingwebhookconfigurations`
const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles'
const bindings = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings'

const page = await readFile(join(projectRoot, 'docs/permissions.md'), 'utf8')
const [text = ''] = blocksOf(page, 'In Kubernetes', 'yaml')
const role: Json = parse(text)

interface Permission {
  readonly group: string
  readonly resource: string
  readonly verb: string
}
const permissions: readonly Permission[] = role.rules.flatMap((rule: Json) =>
  rule.apiGroups.flatMap((group: string) =>
    rule.resources.flatMap((resource: string) =>
      rule.verbs.map((verb: string) => ({ group, resource, verb })),
    ),
  ),
)

/** A configuration that makes `doctor` do all checks: the function reads values, and gives variables from files. */
const sections = {
  function: { envFiles: true, globalSecrets: { allow: [{ groups: ['db'], namespaces: ['*'] }] } },
}

/** Flyte's own webhook, whose ConfigMaps `doctor` reads. */
const flyte = {
  metadata: { name: 'flyte-pod-webhook' },
  spec: {
    selector: { matchLabels: { app: 'flyte' } },
    template: {
      metadata: { labels: { app: 'flyte' } },
      spec: {
        containers: [{ name: 'main', image: 'cr.flyte.org/flyteorg/flyte-binary:v1' }],
      },
    },
  },
}

describe.skipIf(assets === undefined)('the ClusterRole of docs/permissions.md', { timeout: 60_000 }, () => {
  let api: ApiServer
  let webhooks: WebhookServer
  let dropper: OtherWebhook
  let folder: string
  let kubeconfig: string

  const create = async (path: string, object: Json): Promise<void> => {
    const { status, json } = await api.send('POST', path, object)
    if (status !== 201) throw new Error(JSON.stringify(json))
  }

  beforeAll(async () => {
    ;[api, webhooks, dropper] = await Promise.all([
      ApiServer.start(assets ?? '', ['--authorization-mode=RBAC']),
      WebhookServer.start(),
      OtherWebhook.start(),
    ])
    await webhooks.deploy('production', { sections })
    folder = await mkdtemp(join(tmpdir(), 'permissions-'))
    kubeconfig = await api.kubeconfig(user)
    await writeFile(join(folder, 'token'), token)
    await writeFile(join(folder, 'ca.pem'), webhooks.caBundle)
    await writeFile(join(folder, 'webhook.yaml'), JSON.stringify(sections))
    await create(roles, role)
    await create(bindings, {
      metadata: { name: user },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role.metadata.name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
    })
    await until('the namespace is there', async () => {
      return (await api.send('GET', '/api/v1/namespaces/default')).status === 200
    })
    await create('/apis/apps/v1/namespaces/default/deployments', flyte)
    // `doctor` reads the namespace to name the webhook that drops the field.
    dropper.mutate = ({ spec, ...pod }) => ({
      ...pod,
      spec: { ...spec, initContainers: spec.initContainers?.map(withoutFileKeys) },
    })
    await create(configurations, {
      metadata: { name: 'dropper' },
      webhooks: [dropper.webhook('dropper.example.com')],
    })
  }, 60_000)

  afterEach(async () => {
    await api.send('DELETE', `${configurations}/flyte-pod-webhook`)
    for (const kind of ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'])
      await api.send('DELETE', `${admission}/${kind}/flyte-pod-webhook-guard`)
  })

  afterAll(async () => {
    dropper.stop()
    await Promise.all([api.stop(), webhooks.stop(), rm(folder, { recursive: true })])
  })

  const isAllowed = async ({ group, resource, verb }: Permission): Promise<boolean> => {
    const spec = { user, resourceAttributes: { group, resource, verb } }
    const review = await api.send('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec })
    return review.json.status.allowed
  }

  /** Gives the user these permissions alone, and waits until the API server knows. */
  const allow = async (allowed: readonly Permission[]): Promise<void> => {
    const rules = allowed.map(({ group, resource, verb }) => ({
      apiGroups: [group],
      resources: [resource],
      verbs: [verb],
    }))
    await api.send('PUT', `${roles}/${role.metadata.name}`, { ...role, rules })
    await until('the permissions hold', async () => {
      const answers = await Promise.all(permissions.map(isAllowed))
      return answers.every((answer, index) => answer === allowed.some((one) => one === permissions[index]))
    })
  }

  /** Returns all that a command prints. */
  const run = async (name: string, ...args: readonly string[]): Promise<string> => {
    const { terminal, written } = captureTerminal()
    const program = createProgram({ terminal, now: () => new Date(), environment: {} })
    const words = [name, `--kubeconfig=${kubeconfig}`, ...args]
    await program.parseAsync(words, { from: 'user' }).catch((error: unknown) => terminal.fail(String(error)))
    process.exitCode = undefined
    return written.stdout + written.stderr
  }

  /** Registers, examines and unregisters, and returns all that is printed. */
  const runAll = async (): Promise<string> => {
    const config = `--config=${join(folder, 'webhook.yaml')}`
    const naming = [
      `--url=${webhooks.baseUrl}`,
      '--cluster=production',
      `--token-file=${join(folder, 'token')}`,
    ]
    return [
      await run('register', config, ...naming, `--ca-bundle=${join(folder, 'ca.pem')}`, '--guard'),
      await run('status', config),
      await run('doctor', config),
      await run('unregister'),
    ].join('')
  }

  /** Returns whether the commands did all that they can. */
  const isComplete = (printed: string): boolean =>
    !/^error: |this user cannot/m.test(printed) &&
    printed.includes('candidates: dropper.example.com') &&
    printed.includes('ValidatingAdmissionPolicyBinding flyte-pod-webhook-guard: removed')

  it('lets register, status, doctor and unregister do everything', async () => {
    await allow(permissions)
    const printed = await runAll()
    expect(isComplete(printed), printed).toBe(true)
  })

  it.each(permissions)('is too small without $verb on $resource', async (without) => {
    await allow(permissions.filter((one) => one !== without))
    const printed = await runAll()
    expect(isComplete(printed)).toBe(false)
    // Without the namespace, `doctor` only names no webhook.
    if (without.verb !== 'get' || without.resource !== 'namespaces')
      expect(printed).toMatch(new RegExp(`cannot ${without.verb} (resource ")?${without.resource}\\b`))
  })
})
