import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** The stand-in's answer to a name. */
export type Says = (name: string) => { readonly status: number; readonly body: object }

export const there: ReturnType<Says> = { status: 200, body: { SecretString: 'v' } }
export const missing: ReturnType<Says> = { status: 400, body: { __type: 'ResourceNotFoundException' } }
export const throttled: ReturnType<Says> = { status: 400, body: { __type: 'ThrottlingException' } }

/**
 * Starts a stand-in for Secrets Manager that counts its calls, in total and concurrent. With a certificate it uses TLS. If `waitFor` is
 * set, it answers only after this many concurrent calls have arrived.
 */
export const startCountingStore = async (
  says: Says,
  certificate?: { readonly cert: string; readonly key: string },
) => {
  const store = { calls: 0, atOnce: 0, maxAtOnce: 0, waitFor: 0, says }
  const held: (() => void)[] = []
  const answerAll = (): void => {
    store.waitFor = 0
    for (const each of held.splice(0)) each()
  }
  const listener: RequestListener = (request, response) => {
    store.calls += 1
    store.atOnce += 1
    store.maxAtOnce = Math.max(store.maxAtOnce, store.atOnce)
    const chunks: Uint8Array[] = []
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    request.on('end', () => {
      const { SecretId } = JSON.parse(Buffer.concat(chunks).toString()) as { SecretId: string }
      const { status, body } = store.says(SecretId)
      const answer = (): void => {
        store.atOnce -= 1
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        response.end(JSON.stringify(body))
      }
      held.push(answer)
      if (held.length >= store.waitFor) setTimeout(answerAll, 5)
    })
  }
  const server =
    certificate === undefined ? createServer(listener) : createSecureServer(certificate, listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(store, {
    port,
    endpoint: `http://127.0.0.1:${port}`,
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  })
}
