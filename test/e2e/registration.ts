import { setTimeout as sleep } from 'node:timers/promises'
import type { Json } from '../support/pods.ts'
import type { ApiServer } from './api-server.ts'

export const namespace = 'flytesnacks-development'
export const pods = `/api/v1/namespaces/${namespace}/pods`
const configurations = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'

export interface Registration {
  /** Its name among the worlds; the pods that have it as the label `e2e-world` are sent to it. */
  readonly name: string
  readonly url: string
  readonly caBundle: string
}

/** One webhook as specification §10 registers it, for the pods of one world. */
export const webhookOf = ({ name, url, caBundle }: Registration): Json => ({
  name: `${name}.flyte-pod-webhook.flyte.org`,
  clientConfig: { url, caBundle },
  rules: [
    {
      operations: ['CREATE'],
      apiGroups: [''],
      apiVersions: ['v1'],
      resources: ['pods'],
      scope: 'Namespaced',
    },
  ],
  matchPolicy: 'Equivalent',
  objectSelector: { matchLabels: { 'inject-flyte-secrets': 'true', 'e2e-world': name } },
  namespaceSelector: {
    matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] }],
  },
  failurePolicy: 'Fail',
  sideEffects: 'None',
  reinvocationPolicy: 'Never',
  timeoutSeconds: 15,
  admissionReviewVersions: ['v1', 'v1beta1'],
})

/** A pod that only the webhook of one world sees. */
export const inWorld = (pod: Json, world: string): Json => ({
  ...pod,
  metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, 'e2e-world': world } },
})

/** Puts a MutatingWebhookConfiguration in the place of an earlier one of its name. */
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

/** A configuration becomes active about 0.2 s after it is written: asks until the answer is yes. */
export const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 200; tries++) {
    if (await isSo()) return
    await sleep(50)
  }
  throw new Error(`waited in vain until ${what}`)
}
