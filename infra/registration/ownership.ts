import type {
  KubernetesObject,
  V1MutatingWebhook,
  V1MutatingWebhookConfiguration,
  V1Namespace,
} from '@kubernetes/client-node'
import type { Config } from '../../lib/config/config.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import { fieldManager } from '../kubernetes/field-manager.ts'
import { commonNamespaces } from '../kubernetes/label-selector.ts'
import { servedNamespaces } from './match.ts'
import { apiVersion, registrationRef, webhookName } from './registration.ts'
import { parseWebhookUrl } from './webhook-url.ts'

/** Returns the Service of a webhook in the cluster, such as Flyte's own: `flyte/flyte-pod-webhook`. */
export const calledService = ({ clientConfig: { service } }: V1MutatingWebhook): string | undefined =>
  service === undefined ? undefined : `${service.namespace}/${service.name}`

const callsThisWebhook = ({ name, clientConfig: { url = '' } }: V1MutatingWebhook): boolean =>
  name === webhookName && parseWebhookUrl(url) !== undefined

const isOfFlyte = (webhook: V1MutatingWebhook): boolean =>
  webhook.name === webhookName && calledService(webhook) !== undefined

/**
 * Reads the MutatingWebhookConfiguration of this webhook: the one that `register` writes, or else one of another name that calls
 * this webhook, or else that of Flyte's own webhook if it serves the same namespaces, or undefined. The name of Flyte's object
 * depends on the chart, and `docs/migrate.md` uses this object.
 */
export const readRegistration = async (
  { read, list }: Pick<Cluster, 'read' | 'list'>,
  config: Config,
): Promise<V1MutatingWebhookConfiguration | undefined> => {
  const registered = await read<V1MutatingWebhookConfiguration>(registrationRef)
  if (registered !== undefined) return registered
  const all = await list<V1MutatingWebhookConfiguration>(apiVersion, registrationRef.kind)
  const calling = all.find(({ webhooks = [] }) => webhooks.some(callsThisWebhook))
  if (calling !== undefined || !all.some(({ webhooks = [] }) => webhooks.some(isOfFlyte))) return calling
  const namespaces = await list<V1Namespace>('v1', 'Namespace')
  const served = servedNamespaces(config)
  const isRival = (webhook: V1MutatingWebhook): boolean =>
    isOfFlyte(webhook) && commonNamespaces(namespaces, [served, webhook.namespaceSelector]).length > 0
  return all.find(({ webhooks = [] }) => webhooks.some(isRival))
}

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
