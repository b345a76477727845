import { once } from 'node:events'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { PlaygroundRequest } from '../../playground/build.ts'
import type { Context } from '../context.ts'
import type { Terminal } from '../terminal.ts'

interface PlaygroundArguments {
  readonly config?: string
  readonly host: string
  readonly port: number
}

/** `flyte-webhook playground`. */
export const createPlaygroundCommand = ({ terminal }: Context): Command =>
  new Command('playground')
    .description('serve a page that runs the webhook in the browser: what a pod gets, and why')
    .addOption(
      new Option('--port <number>', 'the port, 0 for any that is free').argParser(parsePort).default(8444),
    )
    .option('--config <file>', 'a configuration to begin with, whose managers from outside are built in')
    .addOption(new Option('--host <address>', 'the address to serve at').default('127.0.0.1'))
    .addHelpText(
      'after',
      `
The page asks for nothing but its own files, and needs no server: npm run build
makes them in dist/playground, for any server of static files.

Example:
  flyte-webhook playground --config webhook.yaml --port 9000`,
    )
    .action(async ({ config, ...address }: PlaygroundArguments) => {
      const [{ buildPlayground }, { servePlayground }] = await Promise.all([
        import('../../playground/build.ts'),
        import('../../playground/serve.ts'),
      ])
      const request = config === undefined ? {} : await requestFor(config, terminal)
      const files = await terminal.wait('building the page', buildPlayground(request))
      const { url, close } = await servePlayground(files, address)
      terminal.write(`The playground is at ${url}\nCtrl-C ends it.`)
      await interrupted()
      await close()
    })

const requestFor = async (file: string, terminal: Terminal): Promise<PlaygroundRequest> => {
  const { configOf, parseConfigFile } = await import('../../config/config-file.ts')
  const read = await parseConfigFile(file)
  configOf(read, terminal.warn)
  return { definitions: read.definitions, config: read.text }
}

const interrupted = async (): Promise<void> => {
  await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)))
}

const parsePort = (text: string): number => {
  const port = Number(text)
  if (!/^[0-9]+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('It is a number from 0 to 65535.')
  return port
}
