import { once } from 'node:events'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Context } from '../context.ts'

interface PlaygroundArguments {
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
    .addOption(new Option('--host <address>', 'the address to serve at').default('127.0.0.1'))
    .addHelpText(
      'after',
      `
The page asks for nothing but its own files, and needs no server: npm run build makes them in dist/playground, for any
server of static files.

Example:
  flyte-webhook playground --port 9000`,
    )
    .action(async (address: PlaygroundArguments) => {
      const [{ buildPlayground }, { servePlayground }] = await Promise.all([
        import('../../playground/build.ts'),
        import('../../playground/serve.ts'),
      ])
      const files = await terminal.wait('building the page', buildPlayground())
      const { url, close } = await servePlayground(files, address)
      terminal.write(`The playground is at ${url}\nCtrl-C ends it.`)
      await interrupted()
      await close()
    })

const interrupted = async (): Promise<void> => {
  await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)))
}

const parsePort = (text: string): number => {
  const port = Number(text)
  if (!/^[0-9]+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('It is a number from 0 to 65535.')
  return port
}
