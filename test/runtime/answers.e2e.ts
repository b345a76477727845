import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { ApiServer } from '../e2e/api-server.ts'
import { assets } from '../e2e/assets.ts'
import { inWorld, namespace, pods, register, until, webhookOf } from '../e2e/registration.ts'
import { SecretsManagerServer } from '../e2e/secrets-manager.ts'
import { WebhookServer, token } from '../e2e/webhook-server.ts'
import { flyteWebhook } from '../support/command.ts'
import { eventShapes, restEvent } from '../support/events.ts'
import { example, podAsking, reviewOf } from '../support/webhook.ts'
import {
  asksForGlobal,
  asksForSecret,
  bodyOf,
  callWith,
  largestBody,
  largestServedBody,
  maxEventBytes,
  patchIn,
  path,
  readingAt,
  secretValue,
  storeWith,
  withGlobal,
} from './calls.ts'
import { LambdaRuntime } from './lambda-runtime.ts'
import { packageFunction, type PackagedFunction } from './packaged-function.ts'
import { areProgramsInstalled } from './programs.ts'
import { answerRows } from './rows.ts'

const maxBodyBytes = 5 * 1024 * 1024

/** Returns the line that `flyte-webhook review` prints for a body. */
const reviewed = async (body: string): Promise<string> => {
  const { status, stdout } = await flyteWebhook(['review'], { input: body })
  if (status !== 0) throw new Error('review failed')
  return stdout.trimEnd()
}

describe.skipIf(!areProgramsInstalled)('the packaged function on Lambda’s runtime interface', () => {
  let packaged: PackagedFunction
  let runtime: LambdaRuntime

  beforeAll(async () => {
    packaged = await packageFunction()
    runtime = await LambdaRuntime.start(packaged.deployed)
  })
  afterAll(async () => {
    await runtime.stop()
    await packaged.remove()
  })

  it(`${answerRows.examples.what}: ${answerRows.examples.outcome}`, async () => {
    const folder = join(projectRoot, 'examples')
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
    const bodies = await Promise.all(names.map((name) => example(name.replace('.json', ''))))
    const files = names.map((name) => join(folder, name))
    const { stdout } = await flyteWebhook(['review', ...files])
    const expected = stdout.trimEnd().split('\n')
    expect(expected).toHaveLength(bodies.length)
    for (const { event } of eventShapes) {
      for (const [index, body] of bodies.entries()) {
        const result = await runtime.invoke(event({ path, body }))
        expect(result).toMatchObject({ statusCode: 200, body: expected[index] })
      }
    }
  })

  it.skipIf(assets === undefined)(
    `${answerRows.apiServer.what}: ${answerRows.apiServer.outcome}`,
    async () => {
      const [api, webhooks] = await Promise.all([ApiServer.start(assets ?? ''), WebhookServer.start()])
      try {
        await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
        webhooks.attach('local', (event) => runtime.invoke(event))
        const { caBundle } = webhooks
        await register(api, 'runtime', [webhookOf({ name: 'local', url: webhooks.urlOf('local'), caBundle })])
        const pod = podAsking({ group: 'db', key: 'password', mount_requirement: 1 })
        const asking = inWorld({ ...pod, metadata: { ...pod.metadata, name: 'asking' } }, 'local')
        await until('the registration is active', async () => {
          await api.send('POST', `${pods}?dryRun=All`, asking)
          return webhooks.calls.has('local')
        })
        const { status } = await api.send('POST', pods, asking)
        expect(status).toBe(201)
        const { json: stored } = await api.send('GET', `${pods}/asking`)
        expect(stored.spec.containers[0].env).toContainEqual({
          name: '_FSEC_DB_PASSWORD',
          valueFrom: { secretKeyRef: { name: 'db', key: 'password', optional: true } },
        })
      } finally {
        await Promise.all([api.stop(), webhooks.stop()])
      }
    },
  )

  it(`${answerRows.log.what}: ${answerRows.log.outcome}`, async () => {
    const secretsManager = await SecretsManagerServer.start()
    const global = await packageFunction(withGlobal)
    const logging = await LambdaRuntime.start({
      ...global.deployed,
      environment: {
        ...global.deployed.environment,
        ...readingAt(secretsManager.serve('store', storeWith(secretValue))),
      },
    })
    try {
      const served = await logging.invoke(callWith(asksForGlobal))
      expect(served.statusCode).toBe(200)
      expect(patchIn(served)).toContain(secretValue)
      const denied = await logging.invoke(callWith(reviewOf(podAsking({ group: 'db' }))))
      expect(bodyOf(denied).response.allowed).toBe(false)
      const wrongToken = 'token-of-nobody-that-no-log-may-ever-hold-43'
      const stranger = restEvent({ path: path.replace(token, wrongToken), body: asksForGlobal })
      expect((await logging.invoke(stranger)).statusCode).toBe(404)
      const lines = logging.log.split('\n').filter((line) => line.startsWith('{'))
      expect(lines.map((line) => JSON.parse(line))).toMatchObject([
        { outcome: 'patched', status: 200, coldStart: true, cluster: 'local', function: 'flyte-webhook' },
        { outcome: 'denied', status: 200, coldStart: false, cluster: 'local' },
        { outcome: 'refused-caller', status: 404, coldStart: false },
      ])
      for (const hidden of [secretValue, token, wrongToken]) expect(logging.log).not.toContain(hidden)
    } finally {
      await Promise.all([logging.stop(), secretsManager.stop()])
      await global.remove()
    }
  })

  it(`${answerRows.nearLimit.what}: ${answerRows.nearLimit.outcome}`, async () => {
    const body = largestServedBody()
    expect(body.length).toBeLessThan(maxBodyBytes)
    expect(JSON.stringify(callWith(body)).length).toBeGreaterThan(maxEventBytes - 100)
    const result = await runtime.invoke(callWith(body))
    expect(result).toMatchObject({ statusCode: 200, body: await reviewed(body) })
  })

  it(`${answerRows.tooLarge.what}: ${answerRows.tooLarge.outcome}`, async () => {
    const body = largestBody('x')
    expect(body.length).toBeGreaterThan(maxBodyBytes)
    expect(await runtime.invoke(callWith(body))).toMatchObject({ statusCode: 413 })
    expect(await runtime.invoke(callWith(asksForSecret))).toMatchObject({ statusCode: 200 })
    expect(runtime.processIds).toHaveLength(1)
  })
})
