import type {
  V1LabelSelector,
  V1MutatingWebhook,
  V1MutatingWebhookConfiguration,
  V1Namespace,
} from '@kubernetes/client-node'
import { partLabel } from '../../lib/pod/pod.ts'
import { selects } from '../kubernetes/label-selector.ts'
import { webhookName } from '../registration/registration.ts'
import { otherPodWebhooks, type PodWebhook } from './pod-webhooks.ts'

/** Flyte's own webhook, or another like it, that is sent pods which this webhook is sent too. */
export interface RivalWebhook extends PodWebhook {
  /** The namespaces of those pods, at least one. */
  readonly namespaces: readonly string[]
}

/** What is registered, and where pods can be. */
interface Registered {
  readonly own: V1MutatingWebhook
  readonly configurations: readonly V1MutatingWebhookConfiguration[]
  readonly namespaces: readonly V1Namespace[]
}

/** The rivals of a webhook in a cluster's namespaces. Two webhooks that divide the namespaces are no rivals. */
export const rivalsOf = ({ own, configurations, namespaces }: Registered): readonly RivalWebhook[] =>
  otherPodWebhooks(configurations)
    .filter(({ webhook }) => asksForLabel(webhook))
    .map((one) => ({
      ...one,
      namespaces: namespaces
        .filter(({ metadata }) =>
          [own, one.webhook].every(({ namespaceSelector }) => selects(namespaceSelector, metadata?.labels)),
        )
        .map(({ metadata }) => metadata?.name ?? ''),
    }))
    .filter((one) => one.namespaces.length > 0)

/**
 * Whether a webhook is for the pods that ask for secrets: it selects them by their label, or has the name of Flyte's own. One
 * that is sent pods without the label too is not, nor does the path `/mutate--v1-pod` say anything: controller-runtime gives it
 * to every webhook for pods.
 */
const asksForLabel = ({ name, objectSelector }: V1MutatingWebhook): boolean => {
  const aboutLabel = { matchExpressions: requirementsOf(objectSelector) }
  const isMeant = !selects(aboutLabel, {}) || name.endsWith(webhookName)
  return isMeant && selects(aboutLabel, { [partLabel]: 'true' })
}

/** What a selector wants of the label; what it wants of other labels, some pod may have. */
const requirementsOf = ({ matchLabels = {}, matchExpressions = [] }: V1LabelSelector = {}) =>
  [
    ...Object.entries(matchLabels).map(([key, value]) => ({ key, operator: 'In', values: [value] })),
    ...matchExpressions,
  ].filter(({ key }) => key === partLabel)
