import { createRegistration } from '../../infra/registration/registration.ts'
import type { ApiServer } from '../e2e/api-server.ts'
import { register, until } from '../e2e/registration.ts'
import type { WebhookServer } from '../e2e/webhook-server.ts'
import { configFrom } from '../support/webhook.ts'
import { createAll, type BurstOutcome, settle } from './burst.ts'
import { burstEnvironment, burstPod, kindOfBurstPod } from './burst-pod.ts'
import { percentile } from './statistics.ts'

/** The figures of one burst. */
export interface BurstFigures {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly podsPerSecond: number
  readonly outcome: BurstOutcome
}

/** The same burst with and without the webhook. */
export interface Comparison {
  readonly first: Side
  readonly with: BurstFigures
  readonly without: BurstFigures
}

export type Side = 'with' | 'without'

const world = 'burst'
/** The webhook is registered for namespaces with this label. */
const label = { 'flyte-burst': 'true' }
const namespaces = { with: 'burst-with', without: 'burst-without' } as const satisfies Record<Side, string>
const pathOf = (side: Side): string => `/api/v1/namespaces/${namespaces[side]}/pods`

/** Creates two namespaces, a function, and a registration for one of the namespaces. */
export const prepareBursts = async (api: ApiServer, webhooks: WebhookServer): Promise<void> => {
  const sections = { function: { registration: { namespaceSelector: { matchLabels: label } } } }
  await webhooks.deploy(world, { sections, environment: burstEnvironment })
  const namespace = (name: string, labels: object) =>
    api.send('POST', '/api/v1/namespaces', { metadata: { name, labels } })
  await namespace(namespaces.with, label)
  await namespace(namespaces.without, {})
  const options = { url: webhooks.urlOf(world), caBundle: webhooks.caBundle }
  const { webhooks: registered = [], metadata } = createRegistration(configFrom(sections), options)
  await register(api, metadata.name, registered)
  await until('the registration is active', async () => {
    await api.send('POST', `${pathOf('with')}?dryRun=All`, burstPod(0))
    return webhooks.calls.has(world)
  })
}

/** Creates the same pods in both namespaces, one namespace after the other, beginning with `first`. */
export const compareBursts = async (
  api: ApiServer,
  { first, count, atOnce }: { readonly first: Side; readonly count: number; readonly atOnce: number },
): Promise<Comparison> => {
  const measure = async (side: Side): Promise<BurstFigures> => {
    const path = pathOf(side)
    const pods = Array.from({ length: count }, (_, index) => burstPod(index))
    const burst = await createAll(api, pods.values(), { path, atOnce })
    const times = burst.creations.map(({ ms }) => ms)
    return {
      p50Ms: percentile(times, 0.5),
      p99Ms: percentile(times, 0.99),
      podsPerSecond: count / burst.seconds,
      outcome: await settle(api, burst, path, kindOfBurstPod),
    }
  }
  if (first === 'with') return { first, with: await measure('with'), without: await measure('without') }
  const without = await measure('without')
  return { first, with: await measure('with'), without }
}
