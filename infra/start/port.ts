import { createServer } from 'node:net'

/** The default address: only this machine can reach it. */
export const loopback = '127.0.0.1'

/** Both addresses of `localhost`. A client could reach another program on the second one. */
const localAddresses = [loopback, '::1'] as const

/** Returns a sentence with why a port cannot be served and what to do, or `undefined` if it can. */
export const findObstacle = async (port: number, address: string): Promise<string | undefined> => {
  for (const each of address === loopback ? localAddresses : [address]) {
    const code = await tryToListen(port, each)
    if (code === 'EADDRINUSE') {
      return `port ${port} is in use: end the program that listens there, or choose another port with npm start -- --port N`
    }
    if (code === 'EADDRNOTAVAIL') {
      return `this machine does not have the address ${each}: choose another with npm start -- --host ADDRESS`
    }
    if (code === 'EACCES') {
      return `this user cannot open port ${port}: choose one above 1023 with npm start -- --port N`
    }
  }
  return undefined
}

/** Returns the error code of listening, such as `EADDRINUSE`, or `undefined` on success. */
const tryToListen = (port: number, host: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
