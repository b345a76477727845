import type {
  KubernetesObject,
  V1MutatingWebhook,
  V1MutatingWebhookConfiguration,
} from '@kubernetes/client-node'
import { fieldManager } from '../kubernetes/field-manager.ts'

/** Returns the Service of a webhook in the cluster, such as Flyte's own: `flyte/flyte-pod-webhook`. */
export const calledService = ({ clientConfig: { service } }: V1MutatingWebhook): string | undefined =>
  service === undefined ? undefined : `${service.namespace}/${service.name}`

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
