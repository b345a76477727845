import { isIP, isIPv6 } from 'node:net'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { UsageError } from '../build/failure.ts'
import { loopback } from './port.ts'

/** What `npm start` was asked for. */
export interface StartOptions {
  readonly isHelpWanted: boolean
  readonly port: number
  /** The name or address by which callers reach this machine. */
  readonly host: string
  /** An absolute path. */
  readonly configFile: string
}

/** What `npm start -- --help` prints. */
export const usage = `Usage: npm start [-- options]

Serves the function on this machine, as API Gateway would, until Ctrl-C.

Options:
  --config <file>  the configuration (default: webhook.yaml)
  --port <number>  the port (default: 8443)
  --host <name>    the name or address by which an API server reaches this
                   machine, for the URL and the certificate; an address is also
                   the one to serve at (default: localhost, served at 127.0.0.1)
  -h, --help       display this help

Example:
  npm start -- --config my/webhook.yaml --host host.docker.internal`

/** Reads the options of `npm start`; throws a `UsageError`. */
export const parseStartOptions = (args: readonly string[]): StartOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', default: 'webhook.yaml' },
      port: { type: 'string', default: '8443' },
      host: { type: 'string', default: 'localhost' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new UsageError(`--port takes a number from 1 to 65535, not ${JSON.stringify(values.port)}.`)
  }
  if (isIP(values.host) === 0 && !hostName.test(values.host)) {
    throw new UsageError(`--host takes a host name or an address, not ${JSON.stringify(values.host)}.`)
  }
  return { isHelpWanted: values.help, port, host: values.host, configFile: resolve(values.config) }
}

const hostName = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i

/** The address to listen at for a host: the host itself where it is one, this machine only otherwise. */
export const addressOf = (host: string): string => (isIP(host) === 0 ? loopback : host)

/** The base of the URLs of a host. */
export const baseOf = ({ host, port }: Pick<StartOptions, 'host' | 'port'>): string =>
  `https://${isIPv6(host) ? `[${host}]` : host}:${port}`
