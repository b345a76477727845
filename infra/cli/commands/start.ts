import { Command, InvalidArgumentError, Option } from 'commander'
import { configOption } from '../options.ts'

interface StartArguments {
  readonly config: string
  readonly port: number
}

/** `flyte-webhook start`, and `npm start`. */
export const createStartCommand = (): Command =>
  new Command('start')
    .description('serve the function at https://localhost, as API Gateway would, until Ctrl-C')
    .addOption(configOption())
    .addOption(new Option('--port <number>', 'the port').argParser(parsePort).default(8443))
    .addHelpText(
      'after',
      `
It serves the project in the current folder: this one, or one that flyte-webhook init has written. Certificates and the
token of the cluster "local" are kept in .certs.

Example:
  flyte-webhook start --port 9000`,
    )
    .action(async ({ config, port }: StartArguments) => {
      const { start } = await import('../../start/start.ts')
      const stopping = new AbortController()
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
        process.on(signal, () => stopping.abort())
      await start({ port, configFile: config }, stopping.signal)
    })

const parsePort = (text: string): number => {
  const port = Number(text)
  if (!/^[0-9]+$/.test(text) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('It is a number from 1 to 65535.')
  return port
}
