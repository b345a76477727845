import { setTimeout as sleep } from 'node:timers/promises'
import { createGuard } from '../../infra/registration/guard.ts'
import { createRegistration } from '../../infra/registration/registration.ts'
import type { Json } from '../support/pods.ts'
import { configOf } from '../support/webhook.ts'
import type { ApiServer } from './api-server.ts'

export const namespace = 'flytesnacks-development'
export const pods = `/api/v1/namespaces/${namespace}/pods`
const admission = '/apis/admissionregistration.k8s.io/v1'
const configurations = `${admission}/mutatingwebhookconfigurations`

export interface Registration {
  /** Its name among the worlds; it receives the pods that have the name as their label `e2e-world`. */
  readonly name: string
  readonly url: string
  /** PEM. */
  readonly caBundle: string
}

/** Returns the webhook that `manifest` writes, for the pods of one world. */
export const webhookOf = ({ name, url, caBundle }: Registration): Json => {
  const [webhook] = createRegistration(configOf(''), { url, caBundle }).webhooks ?? []
  return {
    ...webhook,
    name: `${name}.${webhook?.name}`,
    objectSelector: { matchLabels: { ...webhook?.objectSelector?.matchLabels, 'e2e-world': name } },
  }
}

/** Labels a pod so that only the webhook of one world sees it. */
export const inWorld = (pod: Json, world: string): Json => ({
  ...pod,
  metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, 'e2e-world': world } },
})

/** Creates a MutatingWebhookConfiguration, and replaces an earlier one with the same name. */
export const register = async (api: ApiServer, name: string, webhooks: readonly Json[]): Promise<void> => {
  await api.send('DELETE', `${configurations}/${name}`)
  const made = await api.send('POST', configurations, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name },
    webhooks,
  })
  if (made.status !== 201) throw new Error(JSON.stringify(made.json))
}

export const unregister = async (api: ApiServer, name: string): Promise<void> => {
  await api.send('DELETE', `${configurations}/${name}`)
}

/** Applies the guard that `manifest` writes, for the pods of all worlds. */
export const guard = async (api: ApiServer): Promise<void> => {
  const [policy, binding] = createGuard(configOf(''), { users: [], groups: [] })
  const { matchConstraints } = policy.spec ?? {}
  const { objectSelector } = matchConstraints ?? {}
  const inWorlds = { ...objectSelector, matchExpressions: [{ key: 'e2e-world', operator: 'Exists' }] }
  const constraints = { ...matchConstraints, objectSelector: inWorlds }
  const made = [
    await api.send('POST', `${admission}/validatingadmissionpolicies`, {
      ...policy,
      spec: { ...policy.spec, matchConstraints: constraints },
    }),
    await api.send('POST', `${admission}/validatingadmissionpolicybindings`, binding),
  ]
  for (const { status, json } of made) if (status !== 201) throw new Error(JSON.stringify(json))
}

/** Repeats a check until it succeeds: a configuration becomes active about 0.2 s after it is written. */
export const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 200; tries++) {
    if (await isSo()) return
    await sleep(50)
  }
  throw new Error(`waited in vain until ${what}`)
}
