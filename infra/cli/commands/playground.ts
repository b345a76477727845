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
      new Option('--port <number>', 'the port; 0 for any free one').argParser(parsePort).default(8444),
    )
    .option('--config <file>', 'the initial configuration; the managers that it adds are built into the page')
    .addOption(new Option('--host <address>', 'the address to listen on').default('127.0.0.1'))
    .addHelpText(
      'after',
      `
The page loads only its own files. To host it on any static file server, run
npm run build, which writes the files to dist/playground.

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
    throw new InvalidArgumentError('Give a number from 0 to 65535.')
  return port
}
