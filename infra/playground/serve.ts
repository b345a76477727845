import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { extname } from 'node:path'
import { CommandFailure } from '../failure.ts'
import type { PlaygroundFiles } from './build.ts'

export interface Address {
  readonly host: string
  /** 0 selects a free port. */
  readonly port: number
}

/** A running playground. */
export interface Playground {
  readonly url: string
  readonly close: () => Promise<void>
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
}

/** Serves the playground's files, and nothing else. */
export const servePlayground = async (
  files: PlaygroundFiles,
  { host, port }: Address,
): Promise<Playground> => {
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?')
    const name = path === '/' ? 'index.html' : path.slice(1)
    const contents = files.get(name)
    if (contents === undefined) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, {
      'content-type': contentTypes[extname(name)] ?? 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      // The browser must see the next build at once.
      'cache-control': 'no-store',
    })
    response.end(request.method === 'HEAD' ? undefined : contents)
  })
  await listening(server, { host, port })
  const address = server.address()
  const served = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${served}/`,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

const listening = async (server: Server, { host, port }: Address): Promise<void> => {
  server.listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new CommandFailure(`${host}:${port} ${whyNot(cause)}`, { cause })
  }
}

const whyNot = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return code === 'EADDRINUSE'
    ? 'is in use: choose another port with --port'
    : `cannot be served (${code}): choose another address with --host and --port`
}
