import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { WebhookError } from '../../lib/errors.ts'
import { lookup } from '../../lib/managers/lookup.ts'
import {
  literal,
  notMine,
  type PodFacts,
  type Resolution,
  type SecretManager,
} from '../../lib/manager-kit/manager.ts'
import { podFacts, requestOf } from '../../lib/manager-testing/samples.ts'

const { signal } = new AbortController()
const pod = podFacts({ labels: { project: 'p' } })
const found: Resolution = { kind: 'found', wants: [literal('A', 'a')] }
const failed: Resolution = { kind: 'failed', error: new WebhookError('store-unavailable', 'try again') }
const none = notMine('none of mine')

const saying = (name: string, said: Resolution | Promise<Resolution>): SecretManager => ({
  name,
  resolve: () => said,
})
const [first, second] = [
  requestOf({ annotation: 'flyte.secrets/s0' }),
  requestOf({ annotation: 'flyte.secrets/s1' }),
]

describe('the look-up', () => {
  it.each([
    { what: 'the first that finds it', says: [found, found, found], asked: [found] },
    { what: 'the next if one does not have it', says: [none, found, found], asked: [none, found] },
    { what: 'no manager after one that failed', says: [none, failed, found], asked: [none, failed] },
    { what: 'every manager if none has it', says: [none, none, none], asked: [none, none, none] },
  ])('asks $what', async ({ says, asked }) => {
    const names = ['Global', 'K8s', 'AWS'] as const
    const managers = names.map((name, index) => saying(name, says[index] ?? none))
    expect(await lookup([first], managers, pod, signal)).toEqual([
      { request: first, asked: asked.map((said, index) => ({ manager: names[index], said })) },
    ])
  })

  it('resolves requests concurrently and answers them in order', async () => {
    const resolves: string[] = []
    const slowForTheFirst: SecretManager = {
      name: 'Global',
      async resolve({ annotation }) {
        resolves.push(`${annotation} asked`)
        if (annotation === first.annotation) await setTimeout(5)
        resolves.push(`${annotation} answered`)
        return none
      },
    }
    const traced = await lookup([first, second], [slowForTheFirst], pod, signal)
    expect(traced.map(({ request }) => request)).toEqual([first, second])
    expect(resolves).toEqual([
      'flyte.secrets/s0 asked',
      'flyte.secrets/s1 asked',
      'flyte.secrets/s1 answered',
      'flyte.secrets/s0 answered',
    ])
  })

  it('gives every manager the signal of the call', async () => {
    const signals: AbortSignal[] = []
    const manager: SecretManager = {
      name: 'K8s',
      resolve: (_request, _pod, given) => (signals.push(given), found),
    }
    await lookup([first, second], [manager], pod, signal)
    expect(signals).toEqual([signal, signal])
  })

  it('gives every manager the facts about the pod', async () => {
    const pods: PodFacts[] = []
    const manager: SecretManager = { name: 'K8s', resolve: (_, given) => (pods.push(given), none) }
    await lookup([first], [manager, manager], pod, signal)
    expect(pods).toEqual([pod, pod])
  })

  it('fails with the error that a manager throws', async () => {
    const manager: SecretManager = { name: 'K8s', resolve: () => Promise.reject(new Error('a bug')) }
    await expect(lookup([first], [manager], pod, signal)).rejects.toThrow('a bug')
  })

  it('has nothing to ask without managers or requests', async () => {
    expect(await lookup([first], [], pod, signal)).toEqual([{ request: first, asked: [] }])
    expect(await lookup([], [saying('K8s', found)], pod, signal)).toEqual([])
  })
})
