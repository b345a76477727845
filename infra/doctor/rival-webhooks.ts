import type {
  V1LabelSelector,
  V1MutatingWebhook,
  V1MutatingWebhookConfiguration,
  V1Namespace,
} from '@kubernetes/client-node'
import { partLabel } from '../../lib/pod/pod.ts'
import { commonNamespaces, selects } from '../kubernetes/label-selector.ts'
import { webhookName } from '../registration/registration.ts'
import { podWebhooksOf, type PodWebhook } from './pod-webhooks.ts'

/** Flyte's own webhook, or a similar one, that receives the same pods as this webhook. */
export interface RivalWebhook extends PodWebhook {
  /** The namespaces of those pods, at least one. */
  readonly namespaces: readonly string[]
}

/** All registrations without this webhook's own, and the namespaces that pods can be in. */
interface Registered {
  readonly own: V1MutatingWebhook
  readonly configurations: readonly V1MutatingWebhookConfiguration[]
  readonly namespaces: readonly V1Namespace[]
}

/** Returns the rivals of a webhook in a cluster's namespaces. Webhooks that divide the namespaces are not rivals. */
export const rivalsOf = ({ own, configurations, namespaces }: Registered): readonly RivalWebhook[] =>
  podWebhooksOf(configurations)
    .filter(({ webhook }) => asksForLabel(webhook))
    .map((one) => ({
      ...one,
      namespaces: commonNamespaces(namespaces, [own.namespaceSelector, one.webhook.namespaceSelector]).map(
        ({ metadata }) => metadata?.name ?? '',
      ),
    }))
    .filter((one) => one.namespaces.length > 0)

/**
 * Returns whether a webhook is meant for pods that ask for secrets: its selector requires their label, or it has the name of
 * Flyte's own. A webhook that also receives pods without the label is not. The path `/mutate--v1-pod` proves nothing:
 * controller-runtime gives it to every webhook for pods.
 */
const asksForLabel = ({ name, objectSelector }: V1MutatingWebhook): boolean => {
  const aboutLabel = { matchExpressions: requirementsOf(objectSelector) }
  const isMeant = !selects(aboutLabel, {}) || name.endsWith(webhookName)
  return isMeant && selects(aboutLabel, { [partLabel]: 'true' })
}

/** Returns a selector's requirements for the label. Some pod can meet those for other labels. */
const requirementsOf = ({ matchLabels = {}, matchExpressions = [] }: V1LabelSelector = {}) =>
  [
    ...Object.entries(matchLabels).map(([key, value]) => ({ key, operator: 'In', values: [value] })),
    ...matchExpressions,
  ].filter(({ key }) => key === partLabel)
