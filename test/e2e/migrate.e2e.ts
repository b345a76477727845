import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createCertificateChain } from '../../infra/certs/certificate-chain.ts'
import { projectRoot } from '../../infra/project-root.ts'
import { cases } from '../conformance/recorded-cases.ts'
import { blocksOf, headingsOf } from '../support/markdown.ts'
import { createOperatorFolder } from '../support/operator-folder.ts'
import { TerminalSession } from '../support/terminal-session.ts'
import { sha256Hex } from '../support/webhook.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { FlyteOwnWebhook } from './flyte-own-webhook.ts'
import { PodStream, type Server } from './pod-stream.ts'
import { until } from './registration.ts'
import { token, WebhookServer } from './webhook-server.ts'

const page = await readFile(join(projectRoot, 'docs', 'migrate.md'), 'utf8')
const steps = headingsOf(page).filter((heading) => /^\d+\. /.test(heading))
const blocksOfStep = (step: number): readonly string[] => blocksOf(page, steps[step - 1] ?? '', 'sh')

const development = 'flytesnacks-development'
const staging = 'flytesnacks-staging'
const production = 'flytesnacks-production'
const registered = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'

const dayMs = 24 * 60 * 60 * 1000
const certificates = await createCertificateChain({
  dnsNames: ['localhost'],
  ipAddresses: ['127.0.0.1'],
  notBefore: new Date(Date.now() - dayMs),
  notAfter: new Date(Date.now() + 365 * dayMs),
})

/** The pods that both webhooks serve with the configuration of Flyte 1's defaults, in every shape. */
const served = cases.filter(({ id, config, environment, files, expect: expected, flyte }) =>
  [
    /^flyte1\/k8s-(any|file|env-var)-/.test(id),
    [config, environment, files].every((one) => one === undefined),
    expected.pod !== undefined && expected.warns === undefined,
    flyte.same || flyte.outcome === 'injected',
  ].every(Boolean),
)

describe.skipIf(assets === undefined)(
  'migrating from Flyte’s own webhook with docs/migrate.md',
  {
    timeout: 120_000,
  },
  () => {
    let api: ApiServer
    let webhooks: WebhookServer
    let flyte: FlyteOwnWebhook
    let stream: PodStream
    let terminal: TerminalSession
    let folder: string

    beforeAll(async () => {
      ;[api, webhooks] = await Promise.all([ApiServer.start(assets ?? ''), WebhookServer.start()])
      webhooks.present(certificates)
      await webhooks.deploy('production', { sections: {} })
      stream = await PodStream.start(api, served, [development, staging, production])
      flyte = await FlyteOwnWebhook.start(api, served)
      await flyte.register()
      for (const namespace of [development, staging, production])
        await stream.untilServedBy('flyte', namespace)
      // Until here no webhook was registered.
      stream.faults.length = 0
      // This test has no Helm chart, so `helm` does nothing.
      const programs = { kubectl: `exec '${join(assets ?? '', 'kubectl')}' "$@"`, helm: 'exit 0' }
      const { path, env } = await createOperatorFolder(programs)
      folder = path
      await writeFile(join(folder, 'production.token'), token)
      await writeFile(join(folder, 'production.digests'), `callerTokenSha256=production=${sha256Hex(token)}`)
      await writeFile(join(folder, 'ca.pem'), certificates.ca)
      terminal = new TerminalSession(folder, { ...env, KUBECONFIG: await api.kubeconfig() })
    })

    afterAll(async () => {
      await stream.stop()
      await terminal.end()
      await flyte.uninstall()
      await Promise.all([api.stop(), webhooks.stop()])
      await rm(folder, { recursive: true })
    })

    /** Pastes all commands of a step and returns their output. */
    const follow = async (step: number): Promise<string> => terminal.paste(blocksOfStep(step).join('\n'))
    /** Pastes one of the rollback commands. */
    const goBack = async (when: string): Promise<string> => {
      const [, commands = 'false'] =
        page.match(new RegExp(`<!-- back: ${when} -->\n+\`\`\`sh\n(.*?)\`\`\``, 's')) ?? []
      return terminal.paste(commands)
    }
    const expectServedBy = async (who: Server, ...namespaces: readonly string[]): Promise<void> => {
      for (const namespace of namespaces) await stream.untilServedBy(who, namespace)
      expect(stream.faults).toEqual([])
    }

    it('takes Flyte’s sections unchanged', async () => {
      const sections = {
        '000-core.yaml': `logger:\n  level: 5\nwebhook:\n  certDir: /etc/webhook/certs\n  serviceName: flyte-pod-webhook\n`,
        '001-secrets.yaml': `secrets:\n  secrets-prefix: ${webhooks.secretsOf('production')}\nstorage:\n  type: s3\n`,
      }
      const metadata = { name: 'flyte-propeller-config' }
      await api.send('POST', '/api/v1/namespaces/flyte/configmaps', { metadata, data: sections })
      await follow(1)
      expect(parse(await readFile(join(folder, 'webhook.yaml'), 'utf8'))).toEqual({
        webhook: { certDir: '/etc/webhook/certs', serviceName: 'flyte-pod-webhook' },
        secrets: { 'secrets-prefix': webhooks.secretsOf('production') },
        function: { profile: 'flyte1' },
      })
    })

    it('finds no pod that would be denied', async () => {
      expect(await follow(2)).toBe('')
    })

    it('names the deployed function', async () => {
      const [, line = ''] =
        blocksOfStep(3)
          .join('')
          .match(/^(webhook=.*)$/m) ?? []
      // No public authority signed the certificate of these tests.
      await terminal.paste(`url=${webhooks.baseUrl}\n${line}\nwebhook+=(--ca-bundle ca.pem)`)
      await follow(4)
      await expectServedBy('flyte', development, staging, production)
    })

    it('gives one namespace to this webhook, and all others to Flyte’s', async () => {
      await follow(5)
      await expectServedBy('flyte-webhook', development)
      await expectServedBy('flyte', staging, production)
    })

    it('leaves no pod without secrets when Flyte’s webhook restarts and takes all namespaces back', async () => {
      await flyte.register()
      await expectServedBy('flyte', development, staging, production)
      await follow(5)
      await expectServedBy('flyte-webhook', development)
    })

    it('rolls back with one command, and continues', async () => {
      await goBack('before the hand-over')
      await expectServedBy('flyte', development, staging, production)
      await follow(5)
      await expectServedBy('flyte-webhook', development)
    })

    it('gives it more namespaces', async () => {
      await follow(6)
      await expectServedBy('flyte-webhook', development, staging, production)
    })

    it('gives it all namespaces', async () => {
      await follow(7)
      await expectServedBy('flyte-webhook', development, staging, production)
      const { json } = await api.send('GET', `${registered}/flyte-pod-webhook`)
      expect(json.webhooks).toHaveLength(1)
    })

    it('hands the object over, so that nobody else owns any of its fields', async () => {
      expect(await follow(8)).toContain('MutatingWebhookConfiguration flyte-pod-webhook: created')
      await expectServedBy('flyte-webhook', development, staging, production)
      const { json } = await api.send('GET', `${registered}/flyte-pod-webhook`)
      expect(json.metadata.managedFields.map(({ manager }: { manager: string }) => manager)).toEqual([
        'flyte-webhook',
      ])
    })

    it('rolls back after the hand-over, and continues', async () => {
      await goBack('after the hand-over')
      await expectServedBy('flyte', development, staging, production)
      for (const step of [7, 8]) await follow(step)
      await expectServedBy('flyte-webhook', development, staging, production)
    })

    it('no longer needs Flyte’s webhook', async () => {
      await follow(9)
      await flyte.uninstall()
      const before = stream.count
      await until('more pods are created', async () => stream.count > before + 5 * served.length)
      await expectServedBy('flyte-webhook', development, staging, production)
      const { status } = await api.send('GET', `${registered}/flyte-pod-webhook-moving`)
      expect(status).toBe(404)
    })

    it('leaves nothing for doctor to find', async () => {
      expect(await follow(10)).toMatch(/^ok +pod /m)
    })

    it('rolls back after Flyte’s webhook is installed again', async () => {
      await flyte.installAgain()
      await goBack('after the removal')
      await expectServedBy('flyte', development, staging, production)
      console.log(
        `while both webhooks exchanged places: ${stream.count} pods, ${stream.faults.length} without secrets or refused`,
      )
    })
  },
)
