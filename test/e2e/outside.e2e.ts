import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfigFile } from '../../infra/config/config-file.ts'
import { Images } from '../consumers/images.ts'
import { Node } from '../consumers/node.ts'
import { hasSdks } from '../consumers/python.ts'
import { texts } from '../consumers/secrets.ts'
import { containerNames, shapeNames, submittedPod } from '../consumers/submitted-pods.ts'
import { files, flytekitSecrets } from '../consumers/ways.ts'
import { folderWith, shelf, shelfConfig } from '../managers/outside-folder.ts'
import { canRemount } from '../managers/scripts/pull-container.ts'
import { annotationOf } from '../support/annotation.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { namespace, pods, register, until, webhookOf } from './registration.ts'
import { WebhookServer } from './webhook-server.ts'

const world = 'outside'

/** Secrets on the shelf `top`, each in its own file. */
const secretsAs = flytekitSecrets({
  from: () => 'file',
  fields: (key) => ({ group: 'db', key }),
  ask: (key) => ({ group: 'db', key }),
})
const held = Object.fromEntries(Object.entries(texts).map(([key, text]) => [`top/db/${key}`, text]))

/** The Secret that one pod shape mounts itself. */
const ofTheUser = { 'of-the-user': { token: Buffer.from('of the user') } }

const rows = files.flatMap((mount) => shapeNames.map((shape) => ({ mount, shape })))

describe.skipIf(assets === undefined)('a manager from a folder outside, at a real API server', () => {
  let api: ApiServer
  let webhooks: WebhookServer

  beforeAll(async () => {
    ;[api, webhooks] = await Promise.all([ApiServer.start(assets ?? ''), WebhookServer.start()])
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
    const { config, remove } = await folderWith({
      'webhook.yaml': shelfConfig('./managers/shelf.ts', '      shelf: top\n'),
      'managers/shelf.ts': shelf,
    })
    await webhooks.deploy(world, { loaded: await readConfigFile(config) })
    await remove()
    const { caBundle } = webhooks
    await register(api, 'flyte-pod-webhook', [
      webhookOf({ name: world, url: webhooks.urlOf(world), caBundle }),
    ])
    await until('the webhook is called', async () => {
      await api.send('POST', `${pods}?dryRun=All`, submittedPod(shapeNames[0] ?? '', world, []))
      return webhooks.calls.has(world)
    })
  }, 120_000)
  afterAll(() => Promise.all([api.stop(), webhooks.stop()]))

  it('adds its init containers to the pod that is stored, before those of the pod', async () => {
    const [, shape = ''] = shapeNames
    const annotations = ['one', 'two'].map((key) =>
      annotationOf({ group: 'db', key, mount_requirement: 'FILE' }),
    )
    const submitted = submittedPod(shape, world, annotations)
    const { status, json } = await api.send('POST', pods, submitted)
    expect(status).toBe(201)
    expect(containerNames(json)).toEqual([
      'shelf-pull-secret-0',
      'shelf-pull-secret-1',
      ...containerNames(submitted),
    ])
    expect(json.spec.initContainers[1]).toMatchObject({
      image: 'registry.example/shelf:1',
      command: ['sh', '-ec', expect.any(String), 'sh', 'top/db/two', '/shelf/db/two'],
      volumeMounts: [{ name: 'shelf-secret-vol', mountPath: '/shelf' }],
    })
  })

  it('gives its own reason when a pod gets nothing', async () => {
    const annotation = annotationOf({ group: 'db', mount_requirement: 'FILE' })
    const { status, json } = await api.send(
      'POST',
      pods,
      submittedPod(shapeNames[0] ?? '', world, [annotation]),
    )
    expect(status).toBe(400)
    expect(json.message).toContain('Shelf: it needs a group and a key')
  })

  it.skipIf(!hasSdks || !canRemount).each(rows)(
    'lets flytekit read every secret, as $mount: $shape',
    async ({ mount, shape }) => {
      const images = await Images.create({ held, programs: {}, awsEndpoint: '' })
      const node = new Node({ images, vaultAgent: undefined, vault: {}, entrypoints: {} })
      try {
        const secrets = secretsAs(mount)
        const asked = secrets.map(({ produced }) => annotationOf(produced.fields))
        const submitted = submittedPod(shape, world, asked)
        const { status, json: stored } = await api.send('POST', pods, submitted)
        expect(status).toBe(201)
        const reads = secrets.flatMap((secret) => secret.reads)
        const started = await node.run(stored, ofTheUser, { authored: containerNames(submitted), reads })
        const results = secrets.flatMap((secret) => secret.results)
        expect(results.length).toBeGreaterThan(Object.keys(texts).length)
        expect(started).toEqual(containerNames(submitted).map((container) => ({ container, results })))
      } finally {
        await Promise.all([node.stop(), images.remove()])
      }
    },
  )
})
