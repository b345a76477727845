import type {
  KubernetesObject,
  V1MutatingWebhook,
  V1MutatingWebhookConfiguration,
} from '@kubernetes/client-node'
import type { Cluster } from '../kubernetes/cluster.ts'
import { fieldManager } from '../kubernetes/field-manager.ts'
import { apiVersion, registrationRef, webhookName } from './registration.ts'
import { parseWebhookUrl } from './webhook-url.ts'

/** Returns the Service of a webhook in the cluster, such as Flyte's own: `flyte/flyte-pod-webhook`. */
export const calledService = ({ clientConfig: { service } }: V1MutatingWebhook): string | undefined =>
  service === undefined ? undefined : `${service.namespace}/${service.name}`

const callsThisWebhook = ({ name, clientConfig: { url = '' } }: V1MutatingWebhook): boolean =>
  name === webhookName && parseWebhookUrl(url) !== undefined

/**
 * Reads the MutatingWebhookConfiguration of this webhook: the one that `register` writes, or else one of another name that calls
 * this webhook, or undefined. `docs/migrate.md` uses the object of Flyte's own webhook, whose name depends on the chart.
 */
export const readRegistration = async ({
  read,
  list,
}: Pick<Cluster, 'read' | 'list'>): Promise<V1MutatingWebhookConfiguration | undefined> =>
  (await read<V1MutatingWebhookConfiguration>(registrationRef)) ??
  (await list<V1MutatingWebhookConfiguration>(apiVersion, registrationRef.kind)).find(({ webhooks = [] }) =>
    webhooks.some(callsThisWebhook),
  )

/** Says why this command is not the sole owner of an object; undefined if it is. Writers of a status do not count. */
export const whyNotOurs = (
  object: KubernetesObject & Partial<V1MutatingWebhookConfiguration>,
): string | undefined => {
  const service = (object.webhooks ?? []).map(calledService).find((one) => one !== undefined)
  if (service !== undefined) return `it calls the Service ${service}, as Flyte's own webhook does`
  const owners = (object.metadata?.managedFields ?? []).filter(({ subresource }) => subresource !== 'status')
  const managers = new Set(owners.map(({ manager }) => manager ?? 'nobody'))
  if (managers.size === 0) return 'its owner is unknown'
  managers.delete(fieldManager)
  return managers.size === 0 ? undefined : `${[...managers].join(', ')} owns some of its fields`
}
