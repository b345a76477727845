import { builtIn } from '../../lib/managers/built-in.ts'
import { X509Certificate } from 'node:crypto'
import { createCertificateChain } from '../../infra/certs/certificate-chain.ts'
import { known } from '../../infra/doctor/fact.ts'
import type { ClusterFacts } from '../../infra/doctor/facts.ts'
import { createRegistration } from '../../infra/registration/registration.ts'
import { parseWebhookUrl } from '../../infra/registration/webhook-url.ts'
import { configOf, sha256Hex } from '../support/webhook.ts'

export const token = 'abcdefghijklmnopqrstuvwxyz_ABCDEFGHIJK-0123'
const registeredUrl = `https://h.example/prod/production/${token}/mutate--v1-pod`

const now = new Date('2026-06-01T00:00:00Z')
const chain = await createCertificateChain({
  dnsNames: ['h.example'],
  ipAddresses: [],
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2026-12-31T00:00:00Z'),
})

/** Returns the facts of a healthy cluster. */
export const healthy = (): ClusterFacts => {
  const config = configOf('')
  const registration = createRegistration(config, { url: registeredUrl, caBundle: chain.ca })
  const [webhook] = registration.webhooks ?? []
  const url = parseWebhookUrl(registeredUrl)
  if (webhook === undefined || url === undefined) throw new Error('there is no webhook')
  const clocks = known({ here: now, there: now })
  return {
    now,
    config,
    definitions: builtIn,
    version: '1.2.3',
    kubernetesVersion: 'v1.30.0',
    registration: known(registration),
    registered: known({ webhook, url, caBundle: chain.ca }),
    isGuarded: known(false),
    served: known({ certificate: new X509Certificate(chain.cert), refusal: undefined }),
    answer: known({ kind: 'answers', version: '1.2.3', configDigest: config.digest, date: now }),
    configurations: known([]),
    namespaces: known([
      { metadata: { name: 'kube-system', labels: { 'kubernetes.io/metadata.name': 'kube-system' } } },
      { metadata: { name: 'default', labels: { 'kubernetes.io/metadata.name': 'default' } } },
    ]),
    services: known([]),
    flyteDeployments: known([]),
    systemPods: known([]),
    functionClock: clocks,
    apiServerClock: clocks,
    functionTimeoutSeconds: 8,
    slots: [{ cluster: 'production', slot: 1, sha256: sha256Hex(token), home: 'parameter' }],
    trial: known({ kind: 'right', expected: 'secret' }),
    trialNamespace: 'default',
    envFiles: known(undefined),
  }
}
