import type {
  KubernetesObject,
  V1MutatingWebhook,
  V1MutatingWebhookConfiguration,
} from '@kubernetes/client-node'
import type { Cluster } from '../kubernetes/cluster.ts'
import { fieldManager } from '../kubernetes/field-manager.ts'
import { apiVersion, registrationRef, webhookName } from './registration.ts'
import { parseWebhookUrl } from './webhook-url.ts'

/** The Service that a webhook inside the cluster is called by, as Flyte's own is: `flyte/flyte-pod-webhook`. */
export const calledService = ({ clientConfig: { service } }: V1MutatingWebhook): string | undefined =>
  service === undefined ? undefined : `${service.namespace}/${service.name}`

const callsThisWebhook = ({ name, clientConfig: { url = '' } }: V1MutatingWebhook): boolean =>
  name === webhookName && parseWebhookUrl(url) !== undefined

/**
 * Reads the MutatingWebhookConfiguration of this webhook: the one that `register` writes, or else one of another name that calls
 * this webhook. `docs/migrate.md` uses the object of Flyte's own webhook, whose name its chart decides. Undefined where there is
 * none.
 */
export const readRegistration = async ({
  read,
  list,
}: Pick<Cluster, 'read' | 'list'>): Promise<V1MutatingWebhookConfiguration | undefined> =>
  (await read<V1MutatingWebhookConfiguration>(registrationRef)) ??
  (await list<V1MutatingWebhookConfiguration>(apiVersion, registrationRef.kind)).find(({ webhooks = [] }) =>
    webhooks.some(callsThisWebhook),
  )

/**
 * Says why an object was not made by this command, or not by it alone; undefined where it was. Who writes a status owns
 * nothing.
 */
export const whyNotOurs = (
  object: KubernetesObject & Partial<V1MutatingWebhookConfiguration>,
): string | undefined => {
  const service = (object.webhooks ?? []).map(calledService).find((one) => one !== undefined)
  if (service !== undefined) return `it calls the Service ${service}, as Flyte's own webhook does`
  const owners = (object.metadata?.managedFields ?? []).filter(({ subresource }) => subresource !== 'status')
  const managers = new Set(owners.map(({ manager }) => manager ?? 'nobody'))
  if (managers.size === 0) return 'it does not say who made it'
  managers.delete(fieldManager)
  return managers.size === 0 ? undefined : `${[...managers].join(', ')} owns fields of it`
}
