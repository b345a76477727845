import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { createPatch } from 'rfc6902'
import { type CertificateChain, createCertificateChain } from '../../infra/certs/certificate-chain.ts'
import type { Json } from '../support/pods.ts'
import type { ApiServer } from './api-server.ts'

const namespace = 'flyte'
const configurations = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'

/** What a chart of Flyte decides. */
export interface FlyteChart {
  /** Of the registration and of the Service. */
  readonly name: string
  /** `flyte-binary` makes a certificate at each start (`localCert`); `flyte-core` keeps it in a Secret. */
  readonly renewsCertificate: boolean
}

/**
 * Replaces Flyte's own webhook in the cluster. It answers pods of recorded cases with the recorded results, and registers
 * itself as Flyte 1.16.8 does. A label on each pod tells who served it.
 */
export class FlyteOwnWebhook {
  readonly #api: ApiServer
  readonly #chart: FlyteChart
  readonly #cases: readonly Json[]
  readonly #port: number
  #certificates: CertificateChain
  #server: Server

  private constructor(
    api: ApiServer,
    chart: FlyteChart,
    cases: readonly Json[],
    certificates: CertificateChain,
    server: Server,
  ) {
    this.#api = api
    this.#chart = chart
    this.#cases = cases
    this.#certificates = certificates
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
    this.#listenTo(server)
  }

  static async start(api: ApiServer, chart: FlyteChart, cases: readonly Json[]): Promise<FlyteOwnWebhook> {
    const certificates = await createCertificates(chart)
    const server = createServer(certificates).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const webhook = new FlyteOwnWebhook(api, chart, cases, certificates, server)
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
    await webhook.#makeService()
    await webhook.#register()
    return webhook
  }

  /** Restarts without a pause. */
  async restart(): Promise<void> {
    if (this.#chart.renewsCertificate) {
      this.#certificates = await createCertificates(this.#chart)
      this.#server.setSecureContext(this.#certificates)
      this.#server.closeIdleConnections()
    }
    await this.#register()
  }

  /** Registers itself as at each start: replaces the list of webhooks and keeps everything else. */
  async #register(): Promise<void> {
    const { name } = this.#chart
    const made = await this.#api.send('POST', configurations, {
      metadata: { name },
      webhooks: [this.#webhook],
    })
    if (made.status === 201) return
    const { json: object } = await this.#api.send('GET', `${configurations}/${name}`)
    const changed = { ...object, webhooks: [this.#webhook] }
    const { status, json: answer } = await this.#api.send('PUT', `${configurations}/${name}`, changed)
    if (status !== 200) throw new Error(JSON.stringify(answer))
  }

  /** Removes what Helm removes, which excludes the registration. */
  async uninstall(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await this.#api.send('DELETE', `/api/v1/namespaces/${namespace}/services/${this.#chart.name}`)
  }

  /** Reinstalls it with a new certificate. It registers itself before it listens. */
  async installAgain(): Promise<void> {
    this.#certificates = await createCertificates(this.#chart)
    await this.#makeService()
    await this.#register()
    this.#server = createServer(this.#certificates).listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#listenTo(this.#server)
  }

  get #webhook(): Json {
    const service = { namespace, name: this.#chart.name, path: '/mutate--v1-pod', port: this.#port }
    return {
      name: 'flyte-pod-webhook.flyte.org',
      clientConfig: { caBundle: base64(this.#certificates.ca), service },
      rules: [{ operations: ['CREATE'], apiGroups: ['*'], apiVersions: ['v1'], resources: ['pods'] }],
      failurePolicy: 'Fail',
      sideEffects: 'NoneOnDryRun',
      admissionReviewVersions: ['v1', 'v1beta1'],
      objectSelector: { matchLabels: { 'inject-flyte-secrets': 'true' } },
    }
  }

  /** Creates an `ExternalName` Service, because without kube-proxy the API server follows only this type. */
  async #makeService(): Promise<void> {
    const { status, json: answer } = await this.#api.send(
      'POST',
      `/api/v1/namespaces/${namespace}/services`,
      {
        metadata: { name: this.#chart.name },
        spec: { type: 'ExternalName', externalName: 'localhost' },
      },
    )
    if (status !== 201) throw new Error(JSON.stringify(answer))
  }

  #listenTo(server: Server): void {
    server.on('request', (request, response) => {
      void json(request).then((review: Json) => {
        const { uid, object } = review.request
        const patch = Buffer.from(JSON.stringify(this.#patchOf(object))).toString('base64')
        const answer = { uid, allowed: true, patchType: 'JSONPatch', patch }
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ apiVersion: review.apiVersion, kind: review.kind, response: answer }))
      })
    })
  }

  #patchOf(pod: Json): readonly object[] {
    const one = this.#cases.find(({ id }) => id === pod.metadata.annotations['e2e-case'])
    if (one === undefined) throw new Error('it answers recorded cases only')
    const label = { op: 'add', path: '/metadata/labels/e2e-served-by', value: 'flyte' }
    return [...createPatch(one.pod, one.flyte.pod ?? one.expect.pod), label]
  }
}

const createCertificates = ({ name }: FlyteChart): Promise<CertificateChain> =>
  createCertificateChain({
    dnsNames: [`${name}.${namespace}.svc`],
    ipAddresses: [],
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
  })

const base64 = (text: string): string => Buffer.from(text).toString('base64')
