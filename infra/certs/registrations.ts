import type { X509Certificate } from 'node:crypto'
import type { V1MutatingWebhookConfiguration } from '@kubernetes/client-node'
import type { Cluster } from '../kubernetes/cluster.ts'
import { registrationRef } from '../registration/registration.ts'
import { decodeBundle, issuerOf } from './certificates.ts'
import { missingNames, namesOfHost } from './server-names.ts'

type ClientConfig = NonNullable<V1MutatingWebhookConfiguration['webhooks']>[number]['clientConfig']

/**
 * What speaks against a server's next certificate in a cluster, a sentence for each webhook that calls the server by a name
 * of its current certificate or of the next: the next is not for that name, or the webhook trusts the authorities of a
 * `caBundle` alone, and the next's is not among them.
 */
export const findObjections = async (
  cluster: Cluster,
  { current, next }: { readonly current: X509Certificate; readonly next: X509Certificate },
): Promise<readonly string[]> => {
  const configurations = await cluster.list<V1MutatingWebhookConfiguration>(
    registrationRef.apiVersion,
    registrationRef.kind,
  )
  return configurations
    .flatMap(({ webhooks = [] }) => webhooks)
    .flatMap(({ name, clientConfig }) => {
      const host = hostOf(clientConfig)
      if (host === undefined || ![current, next].some((one) => isForHost(one, host))) return []
      if (!isForHost(next, host)) return [`${name} calls ${host}, which the next certificate is not for`]
      return trusts(clientConfig, next) ? [] : [`${name} would refuse the next certificate`]
    })
}

const hostOf = ({ url, service }: ClientConfig): string | undefined =>
  service ? `${service.name}.${service.namespace}.svc` : URL.parse(url ?? '')?.hostname

const isForHost = (certificate: X509Certificate, host: string): boolean =>
  missingNames(certificate, namesOfHost(host)).length === 0

const trusts = ({ caBundle }: ClientConfig, certificate: X509Certificate): boolean =>
  caBundle === undefined ||
  issuerOf(certificate, decodeBundle(Buffer.from(caBundle, 'base64').toString())) !== undefined
