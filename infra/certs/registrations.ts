import type { X509Certificate } from 'node:crypto'
import type { V1MutatingWebhookConfiguration } from '@kubernetes/client-node'
import type { Cluster } from '../kubernetes/cluster.ts'
import { decodeBundle, issuerOf } from './certificates.ts'
import { missingNames, namesOfHost } from './server-names.ts'

type ClientConfig = NonNullable<V1MutatingWebhookConfiguration['webhooks']>[number]['clientConfig']

/**
 * The webhooks of a cluster that call a server under a name of this certificate, trust the authorities of a `caBundle`
 * alone, and have this certificate's not among them: their calls would fail.
 */
export const findDistrustful = async (
  cluster: Cluster,
  certificate: X509Certificate,
): Promise<readonly string[]> => {
  const configurations = await cluster.list<V1MutatingWebhookConfiguration>(
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
  )
  return configurations
    .flatMap(({ webhooks = [] }) => webhooks)
    .filter(({ clientConfig }) => calls(clientConfig, certificate) && !trusts(clientConfig, certificate))
    .map(({ name }) => name)
}

const calls = ({ url, service }: ClientConfig, certificate: X509Certificate): boolean => {
  const host = service ? `${service.name}.${service.namespace}.svc` : URL.parse(url ?? '')?.hostname
  return host !== undefined && missingNames(certificate, namesOfHost(host)).length === 0
}

const trusts = ({ caBundle }: ClientConfig, certificate: X509Certificate): boolean =>
  caBundle === undefined ||
  issuerOf(certificate, decodeBundle(Buffer.from(caBundle, 'base64').toString())) !== undefined
