import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:tls'

/** The certificate and key that a server presents, and the CA that a client trusts, all PEM. */
export interface Handshake {
  readonly cert: string
  readonly key: string
  readonly ca: string
  /** The server name that the client requests. Default: 127.0.0.1. */
  readonly servername?: string
}

/** Returns whether Node's TLS client accepts a server. */
export const shakeHands = async ({ cert, key, ca, servername }: Handshake): Promise<boolean> => {
  const server = createServer({ cert, key }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = connect({ host: '127.0.0.1', port, ca, ...(servername !== undefined && { servername }) })
  try {
    await once(socket, 'secureConnect')
    return socket.authorized
  } catch {
    return false
  } finally {
    socket.destroy()
    server.close()
  }
}
