import { describe, expect, it } from 'vitest'
import { fileManagers } from '../support/managers.ts'
import { annotationOf } from '../support/annotation.ts'
import { patched } from '../support/patch.ts'
import { call, configFrom, filesAre, reviewOf, webhookIn } from '../support/webhook.ts'

interface Size {
  readonly requests: number
  readonly containers?: number
  readonly env?: readonly object[]
  /** Additional fields of each container. */
  readonly container?: object
  readonly secret?: (index: number) => object
}

const variable = (index: number) => ({ group: 'g', key: `k${index}`, mount_requirement: 'ENV_VAR' })

const podOf = ({ requests, containers = 1, env, container = {}, secret = variable }: Size) => ({
  metadata: {
    labels: { 'inject-flyte-secrets': 'true' },
    annotations: Object.fromEntries(
      Array.from({ length: requests }, (_, i) => [`flyte.secrets/s${i}`, annotationOf(secret(i))]),
    ),
  },
  spec: {
    containers: Array.from({ length: containers }, (_, i) => ({
      name: `c${i}`,
      image: 'i',
      ...container,
      ...(env === undefined ? {} : { env: [...env] }),
    })),
  },
})

const answerTo = async (size: Size, world: Parameters<typeof webhookIn>[0] = {}) =>
  (await call(webhookIn(world).webhook, reviewOf(podOf(size)))).json.response

describe('the bounds of one answer', () => {
  it('serves 256 requests and refuses 257 without reading one', async () => {
    const { allowed } = await answerTo({ requests: 256 })
    expect(allowed).toBe(true)
    const refused = await answerTo({ requests: 257, secret: () => ({}) })
    expect(refused.status).toMatchObject({ code: 400, message: expect.stringContaining('257') })
    expect(refused.status.details.causes).toHaveLength(1)
  })

  it('creates a patch of up to 1 MiB and refuses a larger one', async () => {
    const config = configFrom({ webhook: { secretManagerType: 'Global' } })
    const world = (bytes: number) => ({
      config,
      fileSystem: filesAre({ '/etc/secrets/g/k0': 'x'.repeat(bytes) }),
    })
    const size = { requests: 1, containers: 10 }
    const below = await answerTo(size, world(104_000))
    expect(below.allowed).toBe(true)
    expect(Buffer.from(below.patch, 'base64').length).toBeLessThan(1024 * 1024)
    const above = await answerTo(size, world(105_000))
    expect(above.status).toMatchObject({
      code: 400,
      message: expect.stringContaining('larger than 1048576 bytes'),
    })
  })

  it('does not refuse a pod that already has everything', async () => {
    const { webhook } = webhookIn({})
    const asking = (requests: number) =>
      podOf({ requests, containers: 100, env: [{ name: 'A', value: 'b' }] })
    const half = patched(asking(50), (await call(webhook, reviewOf(asking(50)))).json)
    const whole = asking(100)
    expect((await call(webhook, reviewOf(whole))).json.response.allowed).toBe(false)
    const halfAsking = { ...half, metadata: whole.metadata }
    const pod = patched(halfAsking, (await call(webhook, reviewOf(halfAsking))).json)
    const { response } = (await call(webhook, reviewOf(pod))).json
    expect(response).toMatchObject({ allowed: true })
    expect(response).not.toHaveProperty('patch')
  })

  const maxAnswerBytes = 200_000
  const many = (secret: (index: number) => object) => ({ requests: 256, secret })
  const aws = configFrom({ webhook: { secretManagerType: 'AWS' } })
  const mounts = [{ name: 'own', mountPath: '/etc/flyte/secrets' }]

  it.each([
    {
      what: 'every file is the directory of the next',
      config: aws,
      size: many((i) => ({ group: 'a', key: 'a/'.repeat(i + 1) })),
    },
    {
      what: 'a name is a megabyte long',
      size: { requests: 1, secret: () => ({ ...variable(0), env_var: `${'A'.repeat(1e6)}=` }) },
    },
    {
      what: 'thousands of containers have conflicting mounts',
      config: aws,
      size: {
        ...many((i) => ({ group: 'a', key: `k${i}` })),
        containers: 10_000,
        container: { volumeMounts: mounts },
      },
    },
    {
      what: 'all texts are control characters',
      size: many(() => ({ group: '\u0001'.repeat(500), key: '\u0001'.repeat(500) })),
    },
  ])('keeps the answer small if $what', async ({ config, size }) => {
    const { webhook } = webhookIn(config === undefined ? {} : { config })
    const { status, json, body } = await call(webhook, reviewOf(podOf(size)))
    expect(status).toBe(200)
    expect(json.response).toMatchObject({ allowed: false, status: { code: 400 } })
    expect(body.length).toBeLessThan(maxAnswerBytes)
  })

  it('names each of 256 requests that no manager can serve, and gives as many causes as fit', async () => {
    const types = ['K8s', ...fileManagers]
    const config = configFrom({ webhook: { secretManagerTypes: types }, function: { profile: 'flyte1' } })
    const { status } = await answerTo(
      many((i) => ({ key: `key-${i}` })),
      { config },
    )
    for (let i = 0; i < 256; i++)
      expect(status.message).toContain(`flyte.secrets/s${i} (group "", key "key-${i}")`)
    expect(status.details.causes.length).toBeGreaterThan(256)
  })
})
