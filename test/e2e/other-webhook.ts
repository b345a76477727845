import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { createPatch } from 'rfc6902'
import { createCertificateChain } from '../../infra/certs/certificate-chain.ts'
import type { Json } from '../support/pods.ts'

/** A webhook of another project, which changes pods with `mutate`. */
export class OtherWebhook {
  readonly #server: Server
  readonly #caBundle: string
  /** May take a while. */
  mutate: (pod: Json) => Json = (pod) => pod

  private constructor(server: Server, caBundle: string) {
    this.#server = server
    this.#caBundle = caBundle
    server.on('request', (request, response) => {
      void json(request).then(async ({ request: { uid, object }, ...review }: Json) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ ...review, response: { uid, ...(await this.#answerTo(object)) } }))
      })
    })
  }

  async #answerTo(pod: Json): Promise<Json> {
    try {
      const operations = createPatch(pod, await this.mutate(structuredClone(pod)))
      const patch = Buffer.from(JSON.stringify(operations)).toString('base64')
      return { allowed: true, patchType: 'JSONPatch', patch }
    } catch (error) {
      return { allowed: false, status: { code: 400, message: String(error) } }
    }
  }

  static async start(): Promise<OtherWebhook> {
    const certificates = await createCertificateChain({
      dnsNames: [],
      ipAddresses: ['127.0.0.1'],
      notBefore: new Date(Date.now() - 60_000),
      notAfter: new Date(Date.now() + 3_600_000),
    })
    const server = createServer(certificates).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new OtherWebhook(server, certificates.ca)
  }

  /** Returns its entry for a MutatingWebhookConfiguration. */
  webhook(name: string): Json {
    const { port } = this.#server.address() as AddressInfo
    return {
      name,
      clientConfig: {
        url: `https://127.0.0.1:${port}/mutate`,
        caBundle: Buffer.from(this.#caBundle).toString('base64'),
      },
      rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    }
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

/** Returns a container as a program leaves it that was compiled before the field existed: Go drops unknown fields. */
export const withoutFileKeys = (container: Json): Json =>
  JSON.parse(JSON.stringify(container, (key, value: unknown) => (key === 'fileKeyRef' ? undefined : value)))
