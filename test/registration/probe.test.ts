import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { type CertificateChain, createCertificateChain } from '../../infra/certs/certificate-chain.ts'
import { probe } from '../../infra/registration/probe.ts'
import type { WebhookUrl } from '../../infra/registration/webhook-url.ts'
import { gatewayResponses } from '../../infra/resources/gateway-responses.ts'
import { SecretValue } from '../../lib/secret-value.ts'
import type { Json } from '../support/pods.ts'
import { configOf, webhookIn } from '../support/webhook.ts'

const hourMs = 3_600_000
const now = Date.now()
const local = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] }
const valid = { notBefore: new Date(now - hourMs), notAfter: new Date(now + hourMs) }
const chain = await createCertificateChain({ ...local, ...valid })

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void)()
    server.close()
    await once(server, 'close')
  }
})

const listening = async (server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  servers.push(server)
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const serve = (listener: RequestListener, { cert, key }: CertificateChain = chain): Promise<string> =>
  listening(createServer({ cert, key }, listener))

/** This project's webhook as a request listener. */
const { webhook } = webhookIn({})
const asWebhook: RequestListener = (request, response) => void answer(request, response)
const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = await buffer(request)
  const { pathname } = new URL(request.url ?? '', 'https://h')
  const contentType = request.headers['content-type']
  const call = { method: request.method ?? '', path: pathname, contentType, readBody: () => body }
  const answered = await webhook(call, new AbortController().signal)
  response.writeHead(answered.status, answered.headers).end(answered.body)
}

const urlAt = (base: string, changes: Partial<WebhookUrl> = {}): WebhookUrl => ({
  base,
  cluster: 'local',
  token: new SecretValue('token'),
  ...changes,
})

const whyOf = async (
  url: WebhookUrl,
  options: { caBundle?: string; timeoutMs?: number } = {},
): Promise<string> => {
  const result = await probe(url, { timeoutMs: 5000, caBundle: chain.ca, ...options })
  return result.kind === 'fails' ? result.why : 'it answers'
}

/** Gives every request the same answer. */
const always =
  (status: number, body: string | object): RequestListener =>
  (_, response) =>
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))

describe('a probe', () => {
  it('returns version and configuration of a webhook that answers', async () => {
    const base = await serve(asWebhook)
    expect(await probe(urlAt(base), { timeoutMs: 5000, caBundle: chain.ca })).toEqual({
      kind: 'answers',
      version: '1.2.3',
      configDigest: configOf('').digest,
      date: expect.any(Date),
    })
  })

  it.each([
    { what: 'cluster', change: { cluster: 'other' }, says: 'the cluster other' },
    { what: 'token', change: { token: new SecretValue('wrong') }, says: '404' },
  ])('says that the $what is wrong', async ({ change, says }) => {
    expect(await whyOf(urlAt(await serve(asWebhook), change))).toContain(says)
  })

  it.each<{ what: string; listener: RequestListener; says: string }>([
    {
      what: 'the network is not allowed',
      listener: always(403, {
        kind: 'Status',
        message: 'the resource policy does not allow calls from this network',
      }),
      says: 'API Gateway answers 403, the resource policy does not allow calls from this network',
    },
    {
      what: 'the stage does not exist',
      listener: always(403, { message: 'Forbidden' }),
      says: "API Gateway answers 403, Forbidden: check the stage's name",
    },
    {
      what: 'the gateway throttles',
      listener: always(429, { kind: 'Status', message: 'too many calls' }),
      says: 'it answers 429, too many calls',
    },
    {
      what: 'a pod cannot be reviewed, although the function is healthy',
      listener: ({ method }, response) =>
        method === 'GET'
          ? response.end(JSON.stringify({ version: '1', config: '2' }))
          : response.writeHead(503).end(JSON.stringify({ message: 'no secrets yet' })),
      says: 'it answers 503, no secrets yet',
    },
    { what: 'the function fails', listener: always(502, '<html>'), says: 'it answers 502' },
    { what: 'something else answers', listener: always(200, '<html>'), says: 'another program answers' },
    { what: 'another API answers', listener: always(200, { version: 1 }), says: 'another program answers' },
    {
      what: 'a pod without requests is not admitted',
      listener: always(200, { version: '1', config: '2', response: { allowed: false } }),
      says: 'it refuses a pod that asks for no secrets',
    },
  ])('says that $what', async ({ listener, says }) => {
    expect(await whyOf(urlAt(await serve(listener)))).toContain(says)
  })

  it("shows the message of every answer of this stack's gateway", async () => {
    for (const { Properties } of Object.values(gatewayResponses().Resources ?? {})) {
      const { StatusCode, ResponseTemplates } = Properties as Json
      const body = ResponseTemplates['application/json']
      const status = Number(StatusCode)
      const why = await whyOf(urlAt(await serve(always(status, body))))
      expect(why).toContain(status === 404 ? '404' : JSON.parse(body).message)
    }
  })

  it('shows neither the token nor control characters', async () => {
    const base = await serve((request, response) => {
      response.writeHead(500).end(JSON.stringify({ message: `\u{1b}[31mno ${request.url}\n` }))
    })
    expect(await whyOf(urlAt(base))).toBe('it answers 500,  [31mno /local/***/healthz ')
  })

  it('says that nothing listens', async () => {
    const base = await serve(asWebhook)
    const [server] = servers.splice(0)
    server?.close()
    expect(await whyOf(urlAt(base))).toMatch(/^127\.0\.0\.1:\d+ refuses the connection/)
  })

  it('says that the host is not in DNS', async () => {
    expect(await whyOf(urlAt('https://no-such-host.invalid'))).toContain(
      'DNS does not resolve no-such-host.invalid',
    )
  })

  it.each([
    { when: 'before it answers', listener: () => {} },
    {
      when: 'in the middle of an answer',
      listener: (_: unknown, response: ServerResponse) => response.write('{'),
    },
  ])('does not wait forever: silence $when', async ({ listener }) => {
    const base = await serve(listener as RequestListener)
    expect(await whyOf(urlAt(base), { timeoutMs: 300 })).toContain('no answer within 0.3 s')
  })

  it('says that the server does not speak TLS or closes the connection', async () => {
    const plain = await listening(
      createTcpServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    )
    expect(await whyOf(urlAt(plain))).toContain('does not speak TLS')
    const cutting = await listening(createTcpServer((socket) => socket.destroy()))
    expect(await whyOf(urlAt(cutting))).toContain('closes the connection')
  })
})

describe('the certificate of a webhook', () => {
  const chainOf = (changes: object) => createCertificateChain({ ...local, ...valid, ...changes })

  it.each([
    { what: 'has expired', changes: { notAfter: new Date(now - 1000) }, says: 'has expired' },
    { what: 'is not yet valid', changes: { notBefore: new Date(now + 60_000) }, says: 'is not yet valid' },
    {
      what: 'is for another name',
      changes: { dnsNames: ['elsewhere.example'], ipAddresses: [] },
      says: 'does not cover 127.0.0.1',
    },
  ])('$what', async ({ changes, says }) => {
    const own = await chainOf(changes)
    expect(await whyOf(urlAt(await serve(asWebhook, own)), { caBundle: own.ca })).toContain(says)
  })

  it('is refused if only its subject names the host, which Go ignores', async () => {
    const command =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout - -days 1'
    const pem = execFileSync('openssl', command.split(' '), { encoding: 'utf8', stdio: 'pipe' })
    const base = await serve(asWebhook, { ca: pem, cert: pem, key: pem })
    const url = urlAt(base.replace('127.0.0.1', 'localhost'))
    expect(await whyOf(url, { caBundle: pem })).toContain('does not cover localhost')
  })

  it('can itself be in the caBundle: Go trusts every certificate there', async () => {
    const result = await probe(urlAt(await serve(asWebhook)), { timeoutMs: 5000, caBundle: chain.cert })
    expect(result.kind).toBe('answers')
  })

  it('is refused if its authority is not in the caBundle', async () => {
    const other = await chainOf({})
    const base = await serve(asWebhook)
    expect(await whyOf(urlAt(base), { caBundle: other.ca })).toContain('no authority of the caBundle')
  })

  it('is refused if its authority is private and there is no caBundle', async () => {
    const result = await probe(urlAt(await serve(asWebhook)), { timeoutMs: 5000 })
    expect(result).toMatchObject({ kind: 'fails', why: expect.stringContaining('no public authority') })
  })
})
