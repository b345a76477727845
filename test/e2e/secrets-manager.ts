import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Json } from '../support/pods.ts'

/** The part of Secrets Manager's API that the recorded cases need: `GetSecretValue`, with one store for each path. */
export class SecretsManagerServer {
  readonly #server: Server
  readonly #stores = new Map<string, Json>()

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<SecretsManagerServer> {
    const server = createServer()
    const manager = new SecretsManagerServer(server)
    server.on('request', (request, response) => {
      void buffer(request).then((bytes) => {
        const { SecretId: name } = JSON.parse(bytes.toString())
        const { status, body } = manager.#answer(request.url?.split('/')[1] ?? '', name)
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return manager
  }

  /** Serves a store and returns its endpoint. */
  serve(name: string, store: Json): string {
    this.#stores.set(name, store)
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${name}`
  }

  async stop(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  #answer(store: string, name: string): { readonly status: number; readonly body: Json } {
    const { string, binary, error } = this.#stores.get(store)?.[name] ?? {}
    if (error !== undefined) return { status: 500, body: { __type: error } }
    if (string === undefined && binary === undefined)
      return { status: 400, body: { __type: 'ResourceNotFoundException' } }
    return { status: 200, body: { Name: name, ARN: name, SecretString: string, SecretBinary: binary } }
  }
}
