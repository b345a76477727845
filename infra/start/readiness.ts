import { request } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'

/** The request that asks whether a server answers. */
export interface Probe {
  /** An address of this machine that the certificate covers. */
  readonly address: string
  readonly port: number
  /** A path that the function itself answers, with any status. */
  readonly path: string
  /** The authority to trust, PEM. */
  readonly ca: string
}

const intervalMs = 50

/**
 * Asks until something answers. Returns `true` if the function did. Returns `false` if the gateway answered instead (502,
 * 504: the function cannot be loaded, or crashed) or has ended.
 */
export const waitForAnswer = async (probe: Probe, isRunning: () => boolean): Promise<boolean> => {
  while (isRunning()) {
    const status = await ask(probe)
    if (status !== undefined) return status !== 502 && status !== 504
    await sleep(intervalMs)
  }
  return false
}

/** Returns the HTTP status of the answer, or `undefined` without one. */
const ask = ({ address, port, path, ca }: Probe): Promise<number | undefined> =>
  new Promise((resolve) => {
    const asking = request({ host: address, port, path, ca, method: 'GET', agent: false }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode))
    })
    asking.once('error', () => resolve(undefined))
    asking.end()
  })
