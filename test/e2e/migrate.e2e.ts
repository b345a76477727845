import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createCertificateChain } from '../../infra/certs/certificate-chain.ts'
import { projectRoot } from '../../infra/project-root.ts'
import { cases } from '../conformance/recorded-cases.ts'
import { blocksOf, headingsOf } from '../support/markdown.ts'
import type { Json } from '../support/pods.ts'
import { createOperatorFolder } from '../support/operator-folder.ts'
import { TerminalSession } from '../support/terminal-session.ts'
import { sha256Hex } from '../support/webhook.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { type FlyteChart, FlyteOwnWebhook } from './flyte-own-webhook.ts'
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

interface Row extends FlyteChart {
  readonly chart: string
  readonly configMap: string
}

const charts: readonly Row[] = [
  {
    chart: 'flyte-core',
    name: 'flyte-pod-webhook',
    configMap: 'flyte-propeller-config',
    renewsCertificate: false,
  },
  {
    chart: 'flyte-binary',
    name: 'flyte-binary-webhook',
    configMap: 'flyte-binary-config',
    renewsCertificate: true,
  },
]

/** Hides the webhook from `register`, not from the API server: the machine of an operator outside a private network. */
const unreachable = (port: string): string => `
  const { Socket } = require('node:net')
  const { connect } = Socket.prototype
  Socket.prototype.connect = function (...all) {
    if (!JSON.stringify(all[0]).includes('${port}')) return connect.apply(this, all)
    setImmediate(() => this.destroy(Object.assign(new Error('no route'), { code: 'EHOSTUNREACH' })))
    return this
  }`

describe.skipIf(assets === undefined).each(charts)(
  'migrating from Flyte’s own webhook of $chart with docs/migrate.md',
  {
    timeout: 120_000,
  },
  (chart) => {
    let api: ApiServer
    let webhooks: WebhookServer
    let flyte: FlyteOwnWebhook
    let stream: PodStream
    let terminal: TerminalSession
    let folder: string
    let environment: NodeJS.ProcessEnv

    beforeAll(async () => {
      ;[api, webhooks] = await Promise.all([ApiServer.start(assets ?? ''), WebhookServer.start()])
      webhooks.present(certificates)
      await webhooks.deploy('production', { sections: {} })
      stream = await PodStream.start(api, served, [development, staging, production])
      flyte = await FlyteOwnWebhook.start(api, chart, served)
      for (const namespace of [development, staging, production])
        await stream.untilServedBy('flyte', namespace)
      // Until here no webhook was registered.
      stream.faults.length = 0
      const switchedOff = JSON.stringify({
        data: { '000-core.yaml': 'flyte:\n  propeller:\n    disableWebhook: true\n' },
      })
      const programs = {
        kubectl: `exec '${join(assets ?? '', 'kubectl')}' "$@"`,
        // This test has no Helm chart, so `helm` only makes the change that the page checks.
        helm: `case "$*" in *disableWebhook=true) kubectl --namespace flyte patch configmap ${chart.configMap} --type merge --patch '${switchedOff}'; esac`,
        aws: 'exit 0',
      }
      const { path, env } = await createOperatorFolder(programs)
      folder = path
      environment = { ...env, KUBECONFIG: await api.kubeconfig() }
      await writeFile(join(folder, 'production.token'), token)
      await writeFile(join(folder, 'production.digests'), `callerTokenSha256=production=${sha256Hex(token)}`)
      await writeFile(join(folder, 'ca.pem'), certificates.ca)
      terminal = new TerminalSession(folder, environment)
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
    /** Returns the commands under a comment of the page. */
    const marked = (what: string): string =>
      page.match(new RegExp(`<!-- ${what} -->\n+ *\`\`\`sh\n(.*?)\`\`\``, 's'))?.[1] ?? 'false'
    const goBack = async (what: string): Promise<string> => terminal.paste(marked(`back: ${what}`))
    /** Pastes commands into another terminal, which continues after a failed line, and returns their whole output. */
    const attempt = async (commands: string, changes: NodeJS.ProcessEnv = {}): Promise<string> => {
      const other = new TerminalSession(folder, { ...environment, ...changes })
      await other.paste('source migrate.env')
      const printed = await other.paste(`set +e\n{\n${commands}\n} 2>&1`)
      await other.end()
      return printed
    }
    const namesOfRegistrations = async (): Promise<readonly string[]> =>
      (await api.send('GET', registered)).json.items.map((one: Json) => one.metadata.name)
    const expectServedBy = async (who: Server, ...namespaces: readonly string[]): Promise<void> => {
      for (const namespace of namespaces) await stream.untilServedBy(who, namespace)
      expect(stream.faults).toEqual([])
    }
    /**
     * Flyte registers itself before it listens, `flyte-binary` with a new certificate. The API server refuses pods
     * in between. No pod starts without its secrets.
     */
    const expectFlyteStarted = async (): Promise<void> => {
      for (const namespace of [development, staging, production])
        await stream.untilServedBy('flyte', namespace)
      const ofTheStart = /: refused: .*failed to call webhook: .*flyte-(?:pod|binary)-webhook\.flyte\.svc/
      expect(stream.faults.filter((fault) => !ofTheStart.test(fault))).toEqual([])
      stream.faults.length = 0
    }

    it('takes Flyte’s sections unchanged', async () => {
      const sections = {
        '000-core.yaml': `logger:\n  level: 5\nwebhook:\n  certDir: /etc/webhook/certs\n  serviceName: flyte-pod-webhook\n`,
        '001-secrets.yaml': `secrets:\n  secrets-prefix: ${webhooks.secretsOf('production')}\nstorage:\n  type: s3\n`,
      }
      const metadata = { name: chart.configMap }
      await api.send('POST', '/api/v1/namespaces/flyte/configmaps', { metadata, data: sections })
      const names = blocksOfStep(1)
        .join('\n')
        .replace('flyte=flyte-pod-webhook ', `flyte=${chart.name} `)
        .replace('config=flyte-propeller-config ', `config=${chart.configMap} `)
      await terminal.paste(names)
      expect(parse(await readFile(join(folder, 'webhook.yaml'), 'utf8'))).toEqual({
        webhook: { certDir: '/etc/webhook/certs', serviceName: 'flyte-pod-webhook' },
        secrets: { 'secrets-prefix': webhooks.secretsOf('production') },
        function: { profile: 'flyte1' },
      })
    })

    it('finds no pod that would be denied', async () => {
      expect(await follow(2)).toMatch(/^[1-9]\d* pods\n--- before\n/)
    })

    it('names the deployed function', async () => {
      const [, line = ''] =
        blocksOfStep(3)
          .join('')
          .match(/^(webhook=.*)$/m) ?? []
      // No public authority signed the certificate of these tests.
      const lines = `url=${webhooks.baseUrl}\n${line}\nwebhook+=(--ca-bundle ca.pem)\n`
      await appendFile(join(folder, 'migrate.env'), lines)
      await follow(4)
      await expectServedBy('flyte', development, staging, production)
    })

    it('serves one namespace, and Flyte’s webhook all others', async () => {
      await follow(5)
      await expectServedBy('flyte-webhook', development)
      await expectServedBy('flyte', staging, production)
    })

    it('is known to status and register in the middle of the migration', async () => {
      const object = `MutatingWebhookConfiguration ${chart.name} calls the Service flyte/${chart.name}`
      const seen = await attempt(
        'npx flyte-webhook status; npx flyte-webhook register "${webhook[@]}" --guard',
      )
      expect(seen).toContain(`${object} too`)
      expect(seen).toContain(`error: ${object}, as Flyte's own webhook does: docs/migrate.md`)
      expect(seen).not.toContain('register rewrites it')
      expect(await namesOfRegistrations()).toEqual([chart.name])
    })

    it('leaves no pod without secrets when Flyte’s webhook restarts and takes all namespaces back', async () => {
      await flyte.restart()
      await expectFlyteStarted()
      await follow(5)
      await expectServedBy('flyte-webhook', development)
    })

    it('rolls back with one command, and continues', async () => {
      await goBack('before the hand-over')
      await expectServedBy('flyte', development, staging, production)
      await follow(5)
      await expectServedBy('flyte-webhook', development)
    })

    it('serves more namespaces', async () => {
      await follow(6)
      await expectServedBy('flyte-webhook', development, staging, production)
    })

    it('serves all namespaces', async () => {
      await follow(7)
      await expectServedBy('flyte-webhook', development, staging, production)
      const { json } = await api.send('GET', `${registered}/${chart.name}`)
      expect(json.webhooks).toHaveLength(1)
    })

    it('notices that Flyte’s webhook has restarted, repeats the last step, and can still go back', async () => {
      await flyte.restart()
      await expectFlyteStarted()
      const object = `MutatingWebhookConfiguration ${chart.name} calls the Service flyte/${chart.name}`
      const seen = await attempt('npx flyte-webhook status; npx flyte-webhook register "${webhook[@]}"')
      expect(seen).toContain(`${object}: it is the object of Flyte's own webhook`)
      expect(seen).toContain(`error: ${object}, as Flyte's own webhook does: docs/migrate.md`)
      expect(await namesOfRegistrations()).toEqual([chart.name])
      await follow(7)
      await expectServedBy('flyte-webhook', development, staging, production)
      await goBack('before the hand-over')
      await expectServedBy('flyte', development, staging, production)
      await follow(7)
      await expectServedBy('flyte-webhook', development, staging, production)
    })

    it('no longer needs Flyte’s webhook', async () => {
      await terminal.paste(blocksOfStep(8)[0] ?? 'false')
      await terminal.paste(marked(`off: ${chart.chart}`))
      await flyte.uninstall()
      const before = stream.count
      await until('more pods are created', async () => stream.count > before + 5 * served.length)
      await expectServedBy('flyte-webhook', development, staging, production)
    })

    it.each([
      {
        what: 'a guard beside onFailure: admit',
        plant: async () => appendFile(join(folder, 'webhook.yaml'), '  onFailure: admit\n'),
        why: 'leave out one of the two',
        remedy: (line: string) => line.replace(' --guard', ''),
      },
      {
        what: 'an unreachable endpoint',
        plant: async () => ({ NODE_OPTIONS: `--require ${join(folder, 'unreachable.cjs')}` }),
        why: 'nothing was registered (--skip-probe',
        remedy: (line: string) => line.replace(' --guard', ' --guard --skip-probe'),
      },
    ])('serves all pods if register refuses $what, and can continue', async ({ plant, why, remedy }) => {
      const config = await readFile(join(folder, 'webhook.yaml'), 'utf8')
      await writeFile(join(folder, 'unreachable.cjs'), unreachable(new URL(webhooks.baseUrl).port))
      const changes = (await plant()) ?? {}
      const [step = ''] = blocksOfStep(9)
      expect(await attempt(step, changes)).toContain(why)
      expect(await namesOfRegistrations()).toEqual(['flyte-pod-webhook-moving'])
      await expectServedBy('flyte-webhook', development, staging, production)
      const lastLines = step.split('\n').slice(2).join('\n')
      expect(await attempt(remedy(lastLines), changes)).toContain('flyte-pod-webhook: created')
      await expectServedBy('flyte-webhook', development, staging, production)
      await writeFile(join(folder, 'webhook.yaml'), config)
      if (chart.chart === 'flyte-binary') await goBack('the name')
    })

    it('hands the object over, so that nobody else owns any of its fields', async () => {
      expect(await follow(9)).toContain('MutatingWebhookConfiguration flyte-pod-webhook: created')
      await expectServedBy('flyte-webhook', development, staging, production)
      const { json } = await api.send('GET', `${registered}/flyte-pod-webhook`)
      expect(json.metadata.managedFields.map(({ manager }: { manager: string }) => manager)).toEqual([
        'flyte-webhook',
      ])
      expect(await namesOfRegistrations()).toEqual(['flyte-pod-webhook'])
    })

    it('leaves nothing for doctor to find', async () => {
      expect(await follow(10)).toMatch(/^ok +pod /m)
    })

    it('goes back when Flyte’s webhook is installed again', async () => {
      if (chart.chart === 'flyte-binary') await goBack('the name')
      await goBack('the guard')
      await expectServedBy('flyte-webhook', development, staging, production)
      console.log(
        `${chart.chart}, while both webhooks exchanged places: ${stream.count} pods, ${stream.faults.length} without secrets or refused`,
      )
      await flyte.installAgain()
      await expectFlyteStarted()
      expect(await goBack('the check')).toBe(chart.name)
      expect(await namesOfRegistrations()).toEqual([chart.name])
    })
  },
)
