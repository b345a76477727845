import type { V1MutatingWebhook, V1MutatingWebhookConfiguration } from '@kubernetes/client-node'
import { registrationRef } from '../registration/registration.ts'

/** A webhook of another configuration that is called when pods are created. */
export interface PodWebhook {
  /** The name of its MutatingWebhookConfiguration. */
  readonly configuration: string
  readonly webhook: V1MutatingWebhook
}

/** Returns all other webhooks that are called when pods are created. */
export const otherPodWebhooks = (
  configurations: readonly V1MutatingWebhookConfiguration[],
): readonly PodWebhook[] =>
  configurations
    .map(({ metadata, webhooks = [] }) => ({ configuration: metadata?.name ?? '', webhooks }))
    .filter(({ configuration }) => configuration !== registrationRef.metadata.name)
    .flatMap(({ configuration, webhooks }) => webhooks.map((webhook) => ({ configuration, webhook })))
    .filter(({ webhook }) => seesPods(webhook))

/** The rules of the API server (`k8s.io/apiserver`, `pkg/admission/plugin/webhook/predicates/rules`). */
const seesPods = ({ rules = [] }: V1MutatingWebhook): boolean =>
  rules.some(
    ({ operations = [], apiGroups = [], resources = [], scope }) =>
      holds(operations, 'CREATE') &&
      holds(apiGroups, '') &&
      resources.some((resource) => /^(?:pods|\*)(?:\/\*)?$/.test(resource)) &&
      scope !== 'Cluster',
  )

const holds = (list: readonly string[], name: string): boolean => list.includes(name) || list.includes('*')
