import type { V1MutatingWebhook, V1MutatingWebhookConfiguration } from '@kubernetes/client-node'
import { registrationRef } from '../registration/registration.ts'

/** A webhook that is called when pods are created. */
export interface PodWebhook {
  /** The name of its MutatingWebhookConfiguration. */
  readonly configuration: string
  readonly webhook: V1MutatingWebhook
}

type Configurations = readonly V1MutatingWebhookConfiguration[]

/** Returns all webhooks that are called when pods are created. */
export const podWebhooksOf = (configurations: Configurations): readonly PodWebhook[] =>
  configurations
    .flatMap(({ metadata, webhooks = [] }) =>
      webhooks.map((webhook) => ({ configuration: metadata?.name ?? '', webhook })),
    )
    .filter(({ webhook }) => seesPods(webhook))

/** Returns those of other objects than this webhook's own. */
export const otherPodWebhooks = (configurations: Configurations): readonly PodWebhook[] =>
  podWebhooksOf(configurations.filter(({ metadata }) => metadata?.name !== registrationRef.metadata.name))

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
