import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { bundle } from '../../infra/build/bundle.ts'
import { type CertificateChain, createCertificateChain } from '../../infra/certs/certificate-chain.ts'
import type { LoadedConfig } from '../../infra/config/config-file.ts'
import { restEvent } from '../support/events.ts'
import type { Json } from '../support/pods.ts'
import { configFrom, sha256Hex } from '../support/webhook.ts'
import { gatewayAnswer } from './gateway-answer.ts'

/** The parts of a deployed function. */
export interface World {
  /** Sections of a webhook.yaml. */
  readonly sections?: Json
  /** Replaces the sections: a file that was read, with its managers. */
  readonly loaded?: LoadedConfig
  readonly environment?: Readonly<Record<string, string>>
  /** Files below `secrets.secrets-prefix`, path → content. */
  readonly files?: Readonly<Record<string, string>>
  /** The stack's parameter. The default is the digest of `token`. */
  readonly callerTokenSha256?: string
}

/** Passes an event to a function and returns its result. Without a `statusCode`, the result is invalid, as for API Gateway. */
export type Invoke = (event: Json) => Promise<Json>

/** Runs before the functions. If it answers, no function is called. */
export type Gateway = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>

/** A certificate and its key, both PEM. */
export type ServerPair = Pick<CertificateChain, 'cert' | 'key'>

/** The token of every cluster. */
export const token = 'token-of-every-cluster-of-these-tests-43-ln'

const lambdaTimeoutMs = 8000

/**
 * Serves built bundles over HTTPS (HTTP/1.1 only) on a free port of 127.0.0.1. Each gets API Gateway's REST events at
 * `/<name>/<token>/mutate--v1-pod`. (serverless-offline serves only one function.)
 */
export class WebhookServer {
  readonly #folder: string
  #certificates: ServerPair
  readonly #functions = new Map<string, LocalFunction>()
  readonly #attached = new Map<string, Invoke>()
  #server: Server
  #port = 0
  /** Counts the calls that reached each function. */
  readonly calls = new Map<string, number>()
  gateway: Gateway = () => false

  /** The authority of its first certificate, PEM. */
  readonly caBundle: string

  private constructor(folder: string, certificates: CertificateChain) {
    this.#folder = folder
    this.#certificates = certificates
    this.caBundle = certificates.ca
    this.#server = this.#createServer()
  }

  static async start(): Promise<WebhookServer> {
    const now = Date.now()
    const certificates = await createCertificateChain({
      dnsNames: ['localhost'],
      ipAddresses: ['127.0.0.1'],
      notBefore: new Date(now - 60_000),
      notAfter: new Date(now + 3_600_000),
    })
    const server = new WebhookServer(await mkdtemp(join(tmpdir(), 'webhook-server-')), certificates)
    await server.listen()
    return server
  }

  get baseUrl(): string {
    return `https://127.0.0.1:${this.#port}`
  }

  urlOf(name: string): string {
    return `${this.baseUrl}/${name}/${token}/mutate--v1-pod`
  }

  /** Returns the folder of a function's global secrets. */
  secretsOf(name: string): string {
    return join(this.#folder, name, 'secrets')
  }

  /** Builds a function and serves it under a name. A previous one finishes its calls. */
  async deploy(name: string, world: World): Promise<void> {
    const { sections = {}, environment = {}, files = {} } = world
    const folder = join(this.#folder, name)
    const secrets = this.secretsOf(name)
    await rm(secrets, { recursive: true, force: true })
    await mkdir(secrets, { recursive: true })
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(secrets, path)), { recursive: true })
      await writeFile(join(secrets, path), content)
    }
    const ofSections = () =>
      configFrom({ ...sections, secrets: { 'secrets-prefix': secrets, ...sections.secrets } })
    const built = world.loaded ?? { config: ofSections() }
    const { file } = await bundle({ ...built, outDir: join(folder, 'dist') })
    const before = this.#functions.get(name)
    const callers = { CALLER_TOKEN_SHA256: world.callerTokenSha256 ?? `${name}=${sha256Hex(token)}` }
    this.#functions.set(name, new LocalFunction(file, { ...environment, ...callers }))
    await before?.retire()
  }

  /** Serves a function that runs elsewhere. */
  attach(name: string, invoke: Invoke): void {
    this.#attached.set(name, invoke)
  }

  /** Ends a function in the middle of a call, as a crash does. The next call starts it again. */
  async crash(name: string): Promise<void> {
    await this.#functions.get(name)?.crash()
  }

  /** Changes the certificate for all new connections, also after `listen`. */
  show(certificates: ServerPair): void {
    this.#certificates = certificates
    this.#server.setSecureContext(certificates)
  }

  /** Listens, on the previous port if it has one. */
  async listen(): Promise<void> {
    this.#server = this.#createServer()
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** Changes the certificate for new connections, until `listen`. */
  present({ cert, key }: CertificateChain): void {
    this.#server.setSecureContext({ cert, key })
  }

  /** Stops listening and cuts every connection, but keeps the functions. */
  async unplug(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  async stop(): Promise<void> {
    if (this.#server.listening) await this.unplug()
    await Promise.all([...this.#functions.values()].map((one) => one.end()))
    await rm(this.#folder, { recursive: true, force: true })
  }

  #createServer(): Server {
    const { cert, key } = this.#certificates
    return createServer({ cert, key, ALPNProtocols: ['http/1.1'] }, (request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.writeHead(502).end(String(error)))
    })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (await this.gateway(request, response)) return
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'https://127.0.0.1')
    const name = path.split('/')[1] ?? ''
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1)
    const body = (await buffer(request)).toString()
    const headers = { 'Content-Type': request.headers['content-type'] ?? '' }
    const timeout = searchParams.get('timeout') ?? ''
    const event = restEvent({ method: request.method ?? '', path, headers, body, timeout })
    const invoke = this.#attached.get(name) ?? this.#functions.get(name)?.invoke
    if (invoke === undefined) return void response.writeHead(404).end()
    const result = await invoke(event)
    if (result?.statusCode === undefined) gatewayAnswer(response, 'INTEGRATION_FAILURE')
    else response.writeHead(result.statusCode, result.headers).end(result.body)
  }
}

/** Runs a built bundle in its own thread, which starts with the first event. */
class LocalFunction {
  readonly #file: string
  readonly #environment: Readonly<Record<string, string>>
  readonly #waiting = new Map<number, (result: Json) => void>()
  #worker: Worker | undefined
  #lastId = 0

  constructor(file: string, environment: Readonly<Record<string, string>>) {
    this.#file = file
    this.#environment = environment
  }

  readonly invoke: Invoke = (event) => {
    const worker = (this.#worker ??= this.#start())
    const id = ++this.#lastId
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      worker.postMessage({ id, event })
    })
  }

  /** Ends after its last call. */
  async retire(): Promise<void> {
    while (this.#waiting.size > 0) await sleep(5)
    await this.end()
  }

  /** Ends during a call. */
  async crash(): Promise<void> {
    while (this.#waiting.size === 0) await sleep(1)
    await this.end()
  }

  async end(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    const cut = [...this.#waiting.values()]
    this.#waiting.clear()
    await worker?.terminate()
    for (const resolve of cut) resolve(undefined)
  }

  #start(): Worker {
    const worker = new Worker(join(import.meta.dirname, 'function-worker.js'), {
      workerData: { file: this.#file, timeoutMs: lambdaTimeoutMs },
      env: this.#environment,
      stdout: true,
    })
    // It logs one line for each call.
    worker.stdout.resume()
    worker.on('message', ({ id, result }) => {
      this.#waiting.get(id)?.(result)
      this.#waiting.delete(id)
    })
    return worker
  }
}
