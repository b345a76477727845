import type { X509Certificate } from 'node:crypto'
import type { V1MutatingWebhookConfiguration } from '@kubernetes/client-node'
import type { Cluster } from '../kubernetes/cluster.ts'
import { registrationRef } from '../registration/registration.ts'
import { decodeBundle, issuerOf } from './certificates.ts'
import { missingNames, namesOfHost } from './server-names.ts'

type ClientConfig = NonNullable<V1MutatingWebhookConfiguration['webhooks']>[number]['clientConfig']

/**
 * Returns the objections to a server's next certificate in a cluster, a sentence for each webhook. Looks at webhooks that call
 * the server by a name of its current or next certificate. A webhook objects if the next certificate does not cover that
 * name, or if its `caBundle` lacks the authority of the next certificate.
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
      if (!isForHost(next, host)) return [`${name} calls ${host}, which the next certificate does not cover`]
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
