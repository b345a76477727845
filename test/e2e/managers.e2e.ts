import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { overviewFile } from '../docs/manager-overview.ts'
import { readManagerPages, store, trialsIn } from '../docs/manager-pages.ts'
import { blocksOf } from '../support/markdown.ts'
import { createOperatorFolder } from '../support/operator-folder.ts'
import { TerminalSession } from '../support/terminal-session.ts'
import { configOf } from '../support/webhook.ts'
import { createRegistration } from '../../infra/registration/registration.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { OtherWebhook } from './other-webhook.ts'
import { namespace, pods, register, until } from './registration.ts'
import { SecretsManagerServer } from './secrets-manager.ts'
import { WebhookServer } from './webhook-server.ts'

const [, definition = ''] = blocksOf(await readFile(overviewFile, 'utf8'), 'Try one in the cluster', 'sh')
const chapters = (await readManagerPages()).flatMap((page) => page.chapters)

describe.skipIf(assets === undefined)('the commands of docs/managers at a real API server', () => {
  let api: ApiServer
  let webhooks: WebhookServer
  let secrets: SecretsManagerServer
  /** Replaces Vault's injector: an API server refuses a variable from a volume that the pod does not have. */
  let injector: OtherWebhook
  let terminal: TerminalSession
  let folder: string

  beforeAll(async () => {
    ;[api, webhooks, secrets, injector] = await Promise.all([
      ApiServer.start(assets ?? ''),
      WebhookServer.start(),
      SecretsManagerServer.start(),
      OtherWebhook.start(),
    ])
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
    const { caBundle } = webhooks
    const { webhooks: registered = [] } = createRegistration(configOf(''), {
      url: webhooks.urlOf('production'),
      caBundle,
    })
    await register(api, 'flyte-pod-webhook', registered)
    const injected = { name: 'vault-secrets', emptyDir: { medium: 'Memory' } }
    injector.mutate = ({ spec, ...pod }) => ({
      ...pod,
      spec: { ...spec, volumes: [...(spec.volumes ?? []), injected] },
    })
    await register(api, 'vault-agent-injector-cfg', [injector.webhook('vault.hashicorp.com')])
    const programs = { kubectl: `exec '${join(assets ?? '', 'kubectl')}' "$@"` }
    const { path, env } = await createOperatorFolder(programs)
    folder = path
    terminal = new TerminalSession(folder, { ...env, KUBECONFIG: await api.kubeconfig() })
    await webhooks.deploy('production', { sections: {} })
    await terminal.paste(definition.replace(/^try_secrets .*$/m, ''))
    await until('the webhook is called', async () => {
      await terminal.paste('try_secrets db-creds/password')
      return webhooks.calls.has('production')
    })
  }, 120_000)

  afterAll(async () => {
    await terminal.end()
    injector.stop()
    await Promise.all([api.stop(), webhooks.stop(), secrets.stop(), rm(folder, { recursive: true })])
  })

  it.each(chapters)('give a pod its secret: $heading', async ({ text, config }) => {
    const environment = {
      AWS_ENDPOINT_URL: secrets.serve('store', store),
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    }
    await webhooks.deploy('production', { sections: parse(config), environment })
    const trials = trialsIn(text)
    expect(trials.length).toBeGreaterThan(0)
    for (const trial of trials) {
      const [, name = ''] = /^pod\/(try-secrets-\w+) created$/m.exec(await terminal.paste(trial)) ?? []
      const { json } = await api.send('GET', `${pods}/${name}`)
      const names = json.spec.containers[0].env.map((entry: { name: string }) => entry.name)
      expect(names).toContainEqual(expect.stringMatching(/^FLYTE_SECRETS_(ENV_PREFIX|DEFAULT_DIR)$/))
    }
  })
})
