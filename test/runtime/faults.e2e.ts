import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { SecretsManagerServer } from '../e2e/secrets-manager.ts'
import { WebhookServer } from '../e2e/webhook-server.ts'
import { FaultyProxy } from '../support/faulty-proxy.ts'
import { until } from '../support/program.ts'
import {
  asksForEmbedded,
  asksForGlobal,
  asksForSecret,
  callWith,
  patchIn,
  readingAt,
  secretValue,
  storeWith,
  withEmbedded,
  withGlobal,
} from './calls.ts'
import { LambdaRuntime } from './lambda-runtime.ts'
import { packageFunction, type PackagedFunction } from './packaged-function.ts'
import { areProgramsInstalled } from './programs.ts'
import { faultRows } from './rows.ts'

/** Lambda's time-out in tests that wait for it, in seconds. The template's time-out is longer. */
const timeoutSeconds = 3

interface Changes {
  readonly timeoutSeconds?: number
  readonly environment?: Readonly<Record<string, string>>
}

describe.skipIf(!areProgramsInstalled)('the packaged function on Lambda’s runtime interface', () => {
  let global: PackagedFunction
  let embedded: PackagedFunction
  let secretsManager: SecretsManagerServer
  /** Sits between the function and Secrets Manager. */
  let proxy: FaultyProxy
  /** Acts as API Gateway. */
  let webhooks: WebhookServer

  beforeAll(async () => {
    global = await packageFunction(withGlobal)
    embedded = await packageFunction(withEmbedded)
    secretsManager = await SecretsManagerServer.start()
    webhooks = await WebhookServer.start()
  })
  beforeEach(async () => {
    const endpoint = new URL(secretsManager.serve('store', storeWith(secretValue)))
    proxy = await FaultyProxy.start(Number(endpoint.port))
    onTestFinished(() => proxy.stop())
  })
  afterAll(async () => {
    await Promise.all([secretsManager.stop(), webhooks.stop(), global.remove(), embedded.remove()])
  })

  const start = async (packaged: PackagedFunction, changes: Changes = {}): Promise<LambdaRuntime> => {
    const { deployed } = packaged
    const runtime = await LambdaRuntime.start({
      ...deployed,
      ...changes,
      environment: {
        ...deployed.environment,
        ...readingAt(`${proxy.endpoint}/store`),
        ...changes.environment,
      },
    })
    webhooks.attach('local', (event) => runtime.invoke(event))
    onTestFinished(() => runtime.stop())
    return runtime
  }
  const hang = (): void => {
    proxy.behaviour = { kind: 'hang', after: 'request' }
  }
  /** Sends a review through the gateway, as an API server does. */
  const throughGateway = async (body: string) => {
    const call = request(webhooks.urlOf('local'), {
      method: 'POST',
      ca: webhooks.caBundle,
      headers: { 'content-type': 'application/json' },
    })
    call.end(body)
    const [answer] = (await once(call, 'response')) as [IncomingMessage]
    return { status: answer.statusCode, json: await json(answer) }
  }
  const notAnswered = {
    status: 503,
    json: { kind: 'Status', message: 'flyte-webhook: the function did not answer: try again' },
  }

  it(`${faultRows.hangingStore.what}: ${faultRows.hangingStore.outcome}`, async () => {
    const runtime = await start(embedded, { timeoutSeconds })
    await runtime.invoke(callWith(asksForSecret))
    hang()
    const begin = performance.now()
    const failed = await runtime.invoke(callWith(asksForEmbedded))
    expect(performance.now() - begin).toBeLessThan(timeoutSeconds * 1000)
    expect(failed).toMatchObject({ statusCode: 503, body: expect.stringContaining('"kind":"Status"') })
    proxy.reset()
    expect(patchIn(await runtime.invoke(callWith(asksForEmbedded)))).toContain(secretValue)
    expect(runtime.processIds).toHaveLength(1)
  })

  it(`${faultRows.timedOut.what}: ${faultRows.timedOut.outcome}`, async () => {
    const runtime = await start(embedded, { timeoutSeconds })
    hang()
    const calling = throughGateway(asksForEmbedded)
    await until(() => proxy.requests > 0)
    runtime.freeze()
    expect(await calling).toMatchObject(notAnswered)
    proxy.reset()
    const next = await runtime.invoke(callWith(asksForEmbedded))
    expect(patchIn(next)).toContain(secretValue)
    expect(runtime.processIds).toHaveLength(2)
  })

  it(`${faultRows.environment.what}: ${faultRows.environment.outcome}`, async () => {
    const malformed = 'local=not-the-digest-of-a-token'
    const runtime = await start(embedded, { environment: { CALLER_TOKEN_SHA256: malformed } })
    expect(await throughGateway(asksForSecret)).toMatchObject(notAnswered)
    expect(await throughGateway(asksForSecret)).toMatchObject(notAnswered)
    expect(runtime.log).toContain('CALLER_TOKEN_SHA256: entry 1 is not <cluster>=<SHA-256 in hex>')
    expect(runtime.log).not.toContain('not-the-digest')
  })

  it(`${faultRows.hangingInit.what}: ${faultRows.hangingInit.outcome}`, async () => {
    hang()
    const runtime = await start(global)
    expect(patchIn(await runtime.invoke(callWith(asksForSecret)))).toContain('"secretName":"db"')
    expect(runtime.initMs).toBeGreaterThan(2_900)
    expect(runtime.initMs).toBeLessThan(5_000)
    expect(await runtime.invoke(callWith(asksForGlobal))).toMatchObject({ statusCode: 503 })
    proxy.reset()
    expect(patchIn(await runtime.invoke(callWith(asksForGlobal)))).toContain(secretValue)
    expect(runtime.processIds).toHaveLength(1)
  })

  it(`${faultRows.frozen.what}: ${faultRows.frozen.outcome}`, async () => {
    const runtime = await start(global)
    expect(patchIn(await runtime.invoke(callWith(asksForGlobal)))).toContain(secretValue)
    runtime.freeze()
    // During the freeze the value expires, and the server closes the connection, as Node's server does after 5 s.
    secretsManager.serve('store', storeWith('rotated-value'))
    await sleep(10_000)
    runtime.thaw()
    expect(patchIn(await runtime.invoke(callWith(asksForGlobal)))).toContain('rotated-value')
    expect(runtime.processIds).toHaveLength(1)
  })
})
