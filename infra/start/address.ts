import { isIP, isIPv6 } from 'node:net'
import { loopback } from './port.ts'

/** Where the function is served: a port, and the name or address by which callers reach this machine. */
export interface Place {
  readonly port: number
  readonly host: string
}

/** The address to listen at for a host: the host itself if it is an address, this machine only otherwise. */
export const addressOf = (host: string): string => (isIP(host) === 0 ? loopback : host)

/** The base of the URLs of a place. */
export const baseOf = ({ host, port }: Place): string =>
  `https://${isIPv6(host) ? `[${host}]` : host}:${port}`
