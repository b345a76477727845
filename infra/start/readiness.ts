import { request } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'

/** How a server is asked whether it answers. */
export interface Probe {
  /** An address of this machine, for which its certificate is. */
  readonly address: string
  readonly port: number
  /** The path of a request that the function itself answers, whatever it answers. */
  readonly path: string
  /** The authority to trust, PEM. */
  readonly ca: string
}

const intervalMs = 50

/**
 * Asks until something answers: `true` when the function did, `false` when the gateway answered for it (502, 504: the
 * function cannot be loaded, or crashed) or runs no more.
 */
export const waitForAnswer = async (probe: Probe, isRunning: () => boolean): Promise<boolean> => {
  while (isRunning()) {
    const status = await ask(probe)
    if (status !== undefined) return status !== 502 && status !== 504
    await sleep(intervalMs)
  }
  return false
}

/** The HTTP status of the answer; `undefined` while there is none. */
const ask = ({ address, port, path, ca }: Probe): Promise<number | undefined> =>
  new Promise((resolve) => {
    const asking = request({ host: address, port, path, ca, method: 'GET', agent: false }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode))
    })
    asking.once('error', () => resolve(undefined))
    asking.end()
  })
