import { spawnSync } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import {
  consumers,
  entrypoints,
  environment,
  files,
  held,
  kubernetesSecrets,
  missing,
  programs,
  secretsManager,
} from '../consumers/consumers.ts'
import { Images } from '../consumers/images.ts'
import { Node, type Started } from '../consumers/node.ts'
import { hasSdks, python } from '../consumers/python.ts'
import { type Ask, type Mount, ofFlytekit, type Secret, unfitByKey } from '../consumers/secrets.ts'
import { containerNames, shapeNames, submittedPod } from '../consumers/submitted-pods.ts'
import { hasGo } from '../consumers/go.ts'
import { buildVaultAgent } from '../consumers/vault-agent.ts'
import { vault } from '../managers/consumers/vault.ts'
import type { Secrets } from '../managers/kubelet.ts'
import { canRemount } from '../managers/scripts/pull-container.ts'
import { awsEnvironment, Moto } from '../support/moto.ts'
import type { Json } from '../support/pods.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { OtherWebhook } from './other-webhook.ts'
import { namespace, pods, register, until, webhookOf } from './registration.ts'
import { WebhookServer } from './webhook-server.ts'

const canRun = assets !== undefined && hasSdks && canRemount
if (!canRun)
  console.warn(
    'SKIPPED: flytekit reads the secrets of stored pods; it needs KUBEBUILDER_ASSETS, the Python of test/requirements.txt, and root',
  )

const deployments = consumers
  .filter(({ name }) => hasGo || !name.startsWith('Vault'))
  .flatMap((consumer) => consumer.profiles.map((profile) => ({ consumer, profile })))
  .map((one, index) => ({ ...one, world: `consumer${index}` }))
const worldsOfVault = deployments
  .filter(({ consumer }) => consumer.name.startsWith('Vault'))
  .map(({ world }) => world)
const rows = deployments.flatMap((deployment) =>
  deployment.consumer.mounts.flatMap((mount) =>
    shapeNames.map((shape) => ({
      ...deployment,
      name: deployment.consumer.name,
      mount,
      shape,
      secrets: deployment.consumer.secrets(mount),
    })),
  ),
)

const missingRows = missing.flatMap(({ fields, ...row }) =>
  deployments
    .filter(({ consumer, profile }) => consumer.name === row.name && profile === 'flyte1')
    .map(({ world }) => ({ ...row, fields, world, secret: missingSecret(fields, row.mount) })),
)

function missingSecret(fields: Ask, mount: Mount): Secret {
  const ask = fields.group === '' ? { key: 'none' } : fields
  const from = mount === 'FILE' ? 'file' : 'variable'
  return ofFlytekit({ fields, mount, ask, from, envVar: undefined, text: '', envVarReplaces: false })
}

/** Maps each secret to its annotation, written by the SDK that asks for it. */
const annotationsOf = (secrets: readonly Secret[]): ReadonlyMap<Secret, string> => {
  const input = JSON.stringify(secrets.map(({ produced }) => produced))
  const producer = join(import.meta.dirname, '../consumers/producer.py')
  const ended = spawnSync(python, [producer], { input, encoding: 'utf8' })
  if (ended.status !== 0) throw new Error(ended.stderr)
  const values: readonly string[] = JSON.parse(ended.stdout)
  return new Map(secrets.map((secret, index) => [secret, values[index] ?? '']))
}

describe.skipIf(!canRun)('the containers of a stored pod', () => {
  let api: ApiServer
  let webhooks: WebhookServer
  let moto: Moto
  let images: Images
  let node: Node
  let injector: OtherWebhook
  let vaultAgent: string | undefined
  let annotations: ReadonlyMap<Secret, string>
  const counts = new Map<string, Count>()

  beforeAll(async () => {
    ;[api, webhooks, moto, injector] = await Promise.all([
      ApiServer.start(assets ?? ''),
      WebhookServer.start(),
      Moto.start(),
      OtherWebhook.start(),
    ])
    await seed(api, moto)
    images = await Images.create({ held, programs, awsEndpoint: moto.endpoint })
    vaultAgent = hasGo ? await buildVaultAgent() : undefined
    node = new Node({ images, entrypoints, vaultAgent, vault })
    injector.mutate = (pod) => node.injected(pod)
    annotations = annotationsOf([
      ...rows.flatMap(({ secrets }) => secrets),
      ...missingRows.map(({ secret }) => secret),
    ])
    for (const { consumer, profile, world } of deployments) {
      const own = {
        profile,
        ...consumer.function,
        aws: { ...consumer.function?.aws, endpoint: moto.endpoint },
      }
      await webhooks.deploy(world, {
        sections: { webhook: consumer.webhook, function: own },
        environment: { ...awsEnvironment, ...environment },
        files,
      })
    }
    const registered = deployments.map(({ world }) =>
      webhookOf({ name: world, url: webhooks.urlOf(world), caBundle: webhooks.caBundle }),
    )
    await register(api, 'flyte-pod-webhook', registered)
    const toVault = [{ key: 'e2e-world', operator: 'In', values: worldsOfVault }]
    await register(api, 'vault-agent-injector-cfg', [
      { ...injector.webhook('vault.hashicorp.com'), objectSelector: { matchExpressions: toVault } },
    ])
    const [first] = rows
    await until('the webhooks are called', async () => {
      await api.send('POST', `${pods}?dryRun=All`, asking(shapeNames[0] ?? '', first?.world ?? '', []))
      return webhooks.calls.has(first?.world ?? '')
    })
  }, 300_000)

  afterAll(async () => {
    if (vaultAgent !== undefined) await rm(dirname(vaultAgent), { recursive: true })
    injector.stop()
    await Promise.all([api.stop(), webhooks.stop(), moto.stop(), images.remove(), node.stop()])
    console.log(tableOf(counts))
  })

  const asking = (shape: string, world: string, secrets: readonly Secret[]): Json =>
    submittedPod(
      shape,
      world,
      secrets.map((secret) => annotations.get(secret) ?? ''),
    )

  /** Stores a pod and runs its containers. */
  const run = async (
    world: string,
    submitted: Json,
    secrets: readonly Secret[],
  ): Promise<readonly Started[]> => {
    const made = await api.send('POST', pods, submitted)
    if (made.status !== 201) throw new Error(JSON.stringify(made.json))
    const path = `${pods}/${made.json.metadata.name}`
    const { json: stored } = await api.send('GET', path)
    await api.send('DELETE', `${path}?gracePeriodSeconds=0`)
    if (!holdsValues(world)) expect(valuesIn(stored, secrets)).toEqual([])
    const reads = secrets.flatMap((secret) => secret.reads)
    return node.run(stored, await secretsIn(api), { authored: containerNames(submitted), reads })
  }

  it.each(rows)('read every secret of $name in $profile as $mount: $shape', async (row) => {
    const submitted = asking(row.shape, row.world, row.secrets)
    const started = await run(row.world, submitted, row.secrets)
    const results = row.secrets.flatMap((secret) => secret.results)
    expect(started).toEqual(containerNames(submitted).map((container) => ({ container, results })))
    const count = counts.get(row.name) ?? { pods: 0, containers: 0, secrets: 0, reads: 0 }
    counts.set(row.name, {
      pods: count.pods + 1,
      containers: count.containers + started.length,
      secrets: count.secrets + row.secrets.length * started.length,
      reads: count.reads + results.length * started.length,
    })
  })

  it.each(missingRows)(
    'report that $name has no such secret, as $mount: $fields.key',
    async ({ world, secret, said }) => {
      const started = run(world, asking(shapeNames[0] ?? '', world, [secret]), [secret])
      if ('pod' in said) {
        const why = await started.then(() => '', String)
        expect(why).toContain(said.pod)
        for (const text of Object.values(unfitByKey)) expect(why).not.toContain(text)
      } else
        expect(await started).toMatchObject([{ results: [{ error: expect.stringContaining(said.task) }] }])
    },
  )

  it.skipIf(!hasGo)('are as many as docs/reliability.md says', async () => {
    expect(await readFile(join(projectRoot, 'docs/reliability.md'), 'utf8')).toContain(tableOf(counts))
  })
})

/** Whether a deployment writes values into pods. */
const holdsValues = (world: string): boolean =>
  deployments.some((one) => one.world === world && /^(Global|Embedded AWS)/.test(one.consumer.name))

/** Returns the values of these secrets that a pod holds in plain text. */
const valuesIn = (pod: Json, secrets: readonly Secret[]): readonly string[] => {
  const all = JSON.stringify(pod)
  const texts = secrets.flatMap(({ results }) =>
    results.map(({ bytes = '' }) => Buffer.from(bytes, 'base64').toString()),
  )
  return texts.filter((text) => text !== '' && all.includes(JSON.stringify(text).slice(1, -1)))
}

interface Count {
  readonly pods: number
  readonly containers: number
  readonly secrets: number
  readonly reads: number
}

/** Writes the stores' contents to the API server and Secrets Manager. */
const seed = async (api: ApiServer, moto: Moto): Promise<void> => {
  await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
  for (const [name, data] of Object.entries(kubernetesSecrets)) {
    const made = await api.send('POST', secretsPath, { metadata: { name }, stringData: data })
    if (made.status !== 201) throw new Error(JSON.stringify(made.json))
  }
  for (const [Name, [first, ...later]] of Object.entries(secretsManager)) {
    await moto.call('CreateSecret', { Name, SecretString: first })
    for (const SecretString of later) await moto.call('PutSecretValue', { SecretId: Name, SecretString })
  }
}

const secretsPath = `/api/v1/namespaces/${namespace}/secrets`

const secretsIn = async (api: ApiServer): Promise<Secrets> => {
  const { json } = await api.send('GET', secretsPath)
  return Object.fromEntries(
    json.items.map(({ metadata, data = {} }: Json) => [
      metadata.name,
      Object.fromEntries(
        Object.entries<string>(data).map(([key, value]) => [key, Buffer.from(value, 'base64')]),
      ),
    ]),
  )
}

const tableOf = (counts: ReadonlyMap<string, Count>): string => {
  const lines = [...counts].map(([name, count]) => [
    name,
    count.pods,
    count.containers,
    count.secrets,
    count.reads,
  ])
  const sum = [1, 2, 3, 4].map((at) => lines.reduce((total, line) => total + Number(line[at]), 0))
  return [
    '| how | pods | containers | secrets in them | reads |',
    '|---|---|---|---|---|',
    ...[...lines, ['all', ...sum]].map((line) => `| ${line.join(' | ')} |`),
  ].join('\n')
}
