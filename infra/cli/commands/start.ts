import { isIP } from 'node:net'
import { Command, InvalidArgumentError, Option } from 'commander'
import { configOption } from '../options.ts'

interface StartArguments {
  readonly config: string
  readonly port: number
  readonly host: string
}

/** `flyte-webhook start`, and `npm start`. */
export const createStartCommand = (): Command =>
  new Command('start')
    .description('serve the function at https://localhost, as API Gateway does, until Ctrl-C')
    .addOption(configOption())
    .addOption(new Option('--port <number>', 'the port').argParser(parsePort).default(8443))
    .addOption(
      new Option(
        '--host <name>',
        'the name or address at which an API server reaches this machine, for the URL and the certificate; the server listens on it if it is an address',
      )
        .argParser(parseHost)
        .default('localhost'),
    )
    .addHelpText(
      'after',
      `
It serves the project in the current folder: this one, or one that flyte-webhook
init created. .certs stores the certificates and the token of the cluster
"local".

Example:
  flyte-webhook start --port 9000 --host host.docker.internal`,
    )
    .action(async ({ config, port, host }: StartArguments) => {
      const { start } = await import('../../start/start.ts')
      const stopping = new AbortController()
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
        process.on(signal, () => stopping.abort())
      await start({ port, host, configFile: config }, stopping.signal)
    })

const parsePort = (text: string): number => {
  const port = Number(text)
  if (!/^[0-9]+$/.test(text) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('Give a number from 1 to 65535.')
  return port
}

const parseHost = (text: string): string => {
  if (isIP(text) === 0 && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text))
    throw new InvalidArgumentError('Give a host name or an address.')
  return text
}
