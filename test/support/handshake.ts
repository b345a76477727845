import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:tls'

/** What a server shows and what a client trusts, all PEM. */
export interface Handshake {
  readonly cert: string
  readonly key: string
  readonly ca: string
  /** The name that the client asks for; 127.0.0.1 otherwise. */
  readonly servername?: string
}

/** Whether a TLS client of Node accepts a server. */
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
