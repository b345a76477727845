import { readFile, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { ApiServer } from './api-server.ts'

/** Starts a proxy to an API server that records every read of a Secret: of all of it, or of its metadata only. */
export const watched = async (api: ApiServer) => {
  const file = await api.kubeconfig()
  const kubeconfig = JSON.parse(await readFile(file, 'utf8'))
  const { server: target } = kubeconfig.clusters[0].cluster
  const asked: string[] = []
  const proxy = createServer((incoming, outgoing) => {
    const { url = '', method, headers } = incoming
    const [, name] = /\/secrets\/([^/?]+)/.exec(url) ?? []
    if (name !== undefined)
      asked.push(`${name}: ${headers.accept?.includes('as=PartialObjectMetadata') ? 'metadata' : 'all'}`)
    const onward = request(new URL(url, target), { method, headers, rejectUnauthorized: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(onward)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const { port } = proxy.address() as AddressInfo
  // The client accepts plain HTTP only with this option.
  kubeconfig.clusters[0].cluster = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true }
  await writeFile(`${file}-watched`, JSON.stringify(kubeconfig))
  return {
    asked,
    kubeconfig: `${file}-watched`,
    stop: async () => {
      proxy.closeAllConnections()
      proxy.close()
    },
  }
}
