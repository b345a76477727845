import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** The peer's reaction to a byte on a dead connection: close, reset, or silence. */
export type DeadAnswer = 'FIN' | 'RST' | 'silence'

/**
 * A network in front of a server on 127.0.0.1. While a function is frozen, its connections die: the other side drops them, and the
 * function notices only when it uses one.
 */
export class FreezingNetwork {
  /** The number of dead connections that were used. */
  deadUsed = 0
  readonly #server: Server
  /** The function's connections → how each reacts to bytes once it is dead. */
  readonly #open = new Map<Socket, DeadAnswer | undefined>()

  private constructor(targetPort: number) {
    this.#server = createServer({ noDelay: true }, (near) => this.#join(near, targetPort))
  }

  static async start(targetPort: number): Promise<FreezingNetwork> {
    const network = new FreezingNetwork(targetPort)
    network.#server.listen(0, '127.0.0.1')
    await once(network.#server, 'listening')
    return network
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** The number of connections that the function holds open. */
  get open(): number {
    return this.#open.size
  }

  /** Kills every current connection. Later connections work. */
  freeze(answer: DeadAnswer): void {
    for (const near of this.#open.keys()) this.#open.set(near, answer)
  }

  stop(): void {
    this.#server.close()
    for (const near of this.#open.keys()) near.destroy()
  }

  #join(near: Socket, targetPort: number): void {
    const far = connect({ host: '127.0.0.1', port: targetPort, noDelay: true })
    this.#open.set(near, undefined)
    far.on('data', (bytes) => near.write(bytes))
    near.on('data', (bytes) => {
      const answer = this.#open.get(near)
      if (answer === undefined) far.write(bytes)
      else this.#die(near, answer)
    })
    near.on('close', () => {
      this.#open.delete(near)
      far.destroy()
    })
    for (const socket of [near, far]) socket.on('error', () => socket.destroy())
  }

  #die(near: Socket, answer: DeadAnswer): void {
    this.deadUsed += 1
    if (answer === 'FIN') near.end()
    if (answer === 'RST') near.resetAndDestroy()
  }
}
