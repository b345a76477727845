import { createServer } from 'node:net'

/** The address that is served unless another is named: this machine only. */
export const loopback = '127.0.0.1'

/** Both addresses of `localhost`: a stranger on the second would be asked in our place. */
const localAddresses = [loopback, '::1'] as const

/** Says in one sentence why a port cannot be served and what to do about it, or `undefined` when it can. */
export const findObstacle = async (port: number, address: string): Promise<string | undefined> => {
  for (const each of address === loopback ? localAddresses : [address]) {
    const code = await tryToListen(port, each)
    if (code === 'EADDRINUSE') {
      return `port ${port} is in use: end the program that listens there, or choose another port with npm start -- --port N`
    }
    if (code === 'EADDRNOTAVAIL') {
      return `the address ${each} is not one of this machine: choose another with npm start -- --host ADDRESS`
    }
    if (code === 'EACCES') {
      return `port ${port} may not be opened by this user: choose one above 1023 with npm start -- --port N`
    }
  }
  return undefined
}

/** The error code of listening, for instance `EADDRINUSE`; `undefined` when it went well. */
const tryToListen = (port: number, host: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
