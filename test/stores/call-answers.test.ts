import { describe, expect, it } from 'vitest'
import type { FileSystem } from '../../lib/stores/files.ts'
import { createSecretCache } from '../../lib/stores/cache.ts'
import { oneAnswerPerCall, oneBudgetPerCall } from '../../lib/stores/call-cache.ts'
import { FakeClock, FakeSource, settled, shown, value } from '../support/fake-source.ts'
import { operationsOf } from '../support/patch.ts'
import { call, configFrom, podAsking, reviewOf, webhookIn } from '../support/webhook.ts'

const signal = (): AbortSignal => new AbortController().signal

describe('the answers of one call', () => {
  it('have one version, and those of the next call have the next version', async () => {
    const [source, clock] = [new FakeSource(), new FakeClock()]
    const options = { ttlMs: 1000, maxStaleMs: 1000, clock, random: () => 0 }
    const cache = oneAnswerPerCall(createSecretCache(source, options), oneBudgetPerCall())
    const [first, second] = [signal(), signal()]
    const early = cache.get('pair', first)
    source.calls[0]?.answer(value('old'))
    expect(shown(await early)).toBe('old 0')
    // Past the time to live: a new call waits for the store.
    await clock.pass(1000)
    expect(shown(await cache.get('pair', first))).toBe('old 0')
    const next = cache.get('pair', second)
    await settled()
    source.calls[1]?.answer(value('new'))
    expect(shown(await next)).toBe('new 0')
  })

  it('are separate for each name', async () => {
    const source = new FakeSource()
    const options = { ttlMs: 1000, maxStaleMs: 1000, clock: new FakeClock(), random: () => 0 }
    const cache = oneAnswerPerCall(createSecretCache(source, options), oneBudgetPerCall())
    const one = signal()
    const both = Promise.all([cache.get('a', one), cache.get('b', one)])
    for (const { name, answer } of source.calls) answer(value(`of ${name}`))
    expect((await both).map(shown)).toEqual(['of a 0', 'of b 0'])
  })
})

describe('a pod that requests a pair of values', () => {
  it('gets matching values, even if the secret is rotated between its requests', async () => {
    const source = new FakeSource()
    const slowFile = Promise.withResolvers<void>()
    /** A store without the secret that answers slowly for the password. */
    const fileSystem: FileSystem = {
      exists: () => true,
      readFile: async (path) => {
        if (path.endsWith('password')) await slowFile.promise
        throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
      },
    }
    const globalSecrets = { secretsManager: [{ secretId: 'db' }], ttlMs: 1 }
    const config = configFrom({ function: { globalSecrets, callers: { publicEndpoint: 'accepted' } } })
    const { webhook } = webhookIn({ config, fileSystem, createSecretSource: () => source })
    const ask = (key: string) => ({ group: 'db', key, mount_requirement: 'ENV_VAR' })
    const answer = call(webhook, reviewOf(podAsking(ask('user'), ask('password'))))
    await settled()
    source.calls[0]?.answer(value('{"user":"old","password":"old"}'))
    await new Promise((resolve) => setTimeout(resolve, 20))
    slowFile.resolve()
    await settled()
    source.calls[1]?.answer(value('{"user":"new","password":"new"}'))
    const text = JSON.stringify(operationsOf((await answer).json))
    expect(text.match(/"value":"(?:old|new)"/g)).toEqual(['"value":"old"', '"value":"old"'])
  })
})
