import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { UsageError } from '../build/failure.ts'

/** What `npm start` was asked for. */
export interface StartOptions {
  readonly port: number
  /** An absolute path. */
  readonly configFile: string
}

/** Reads `--config FILE` (default `webhook.yaml`) and `--port N` (default 8443); throws a `UsageError`. */
export const parseStartOptions = (args: readonly string[]): StartOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', default: 'webhook.yaml' },
      port: { type: 'string', default: '8443' },
    },
  })
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new UsageError(`--port takes a number from 1 to 65535, not ${JSON.stringify(values.port)}.`)
  }
  return { port, configFile: resolve(values.config) }
}
