import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { request as secureRequest } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'

/** What the proxy does to a request. */
export type Behaviour =
  | { readonly kind: 'pass'; readonly afterMs?: number }
  /** An error in the AWS JSON protocol. */
  | { readonly kind: 'error'; readonly status: number; readonly type: string; readonly message?: string }
  /** An arbitrary body in place of Secrets Manager's answer. */
  | { readonly kind: 'answer'; readonly body: string }
  /** No answer, one that stops in the middle, or one that the server sends but the proxy drops. */
  | { readonly kind: 'hang'; readonly after: 'request' | 'headers' | 'answer' }
  | { readonly kind: 'reset' }

const pass: Behaviour = { kind: 'pass' }

/** A proxy in front of a server on 127.0.0.1 that simulates faults. */
export class FaultyProxy {
  /** The number of requests received. */
  requests = 0
  /** The number of answers dropped. */
  lost = 0
  /** Applies to every future request. */
  behaviour: Behaviour = pass
  /** Applies to the next requests first, one each. */
  next: Behaviour[] = []
  readonly #server: Server
  readonly #targetPort: number
  readonly #isSecure: boolean

  private constructor(targetPort: number, isSecure: boolean) {
    this.#targetPort = targetPort
    this.#isSecure = isSecure
    this.#server = createServer((incoming, response) => void this.#handle(incoming, response))
  }

  /** `isSecure`: the server behind the proxy uses TLS. */
  static async start(targetPort: number, { isSecure = false } = {}): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(targetPort, isSecure)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get endpoint(): string {
    const address = this.#server.address()
    return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
  }

  /** Restores the initial state. */
  reset(): void {
    this.requests = 0
    this.lost = 0
    this.behaviour = pass
    this.next = []
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1
    const behaviour = this.next.shift() ?? this.behaviour
    const type = { 'content-type': 'application/x-amz-json-1.1' }
    switch (behaviour.kind) {
      case 'pass':
        await sleep(behaviour.afterMs ?? 0)
        return this.#pass(incoming, response)
      case 'error': {
        const { status, type: name, message = '' } = behaviour
        response.writeHead(status, type).end(JSON.stringify({ __type: name, message }))
        return
      }
      case 'answer':
        response.writeHead(200, type).end(behaviour.body)
        return
      case 'hang':
        if (behaviour.after === 'headers') response.writeHead(200, type).write('{"SecretString":"hunter2')
        if (behaviour.after === 'answer') this.#forward(incoming, () => (this.lost += 1))
        return
      case 'reset':
        incoming.socket.resetAndDestroy()
    }
  }

  #pass(incoming: IncomingMessage, response: ServerResponse): void {
    this.#forward(incoming, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
  }

  #forward(incoming: IncomingMessage, then: (answer: IncomingMessage) => void): void {
    const { method, url, headers } = incoming
    const target = { host: '127.0.0.1', port: this.#targetPort, method, path: url, headers }
    const outgoing = this.#isSecure
      ? secureRequest({ ...target, rejectUnauthorized: false }, then)
      : request(target, then)
    // The server behind it is down.
    outgoing.on('error', () => incoming.socket.destroy())
    incoming.pipe(outgoing)
  }
}
