import { isIP, isIPv6 } from 'node:net'
import { loopback } from './port.ts'

/** Where the function is served: a port, and the name or address by which callers reach this machine. */
export interface Place {
  readonly port: number
  readonly host: string
}

/** Returns the address to listen on: the host if it is an address, otherwise one that only this machine can reach. */
export const addressOf = (host: string): string => (isIP(host) === 0 ? loopback : host)

/** Returns the base URL of a place. */
export const baseOf = ({ host, port }: Place): string =>
  `https://${isIPv6(host) ? `[${host}]` : host}:${port}`
