import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Json } from '../support/pods.ts'
import { freePort } from './free-port.ts'
import { type Leashed, startLeashed } from '../support/leash.ts'

export interface ApiAnswer {
  readonly status: number
  readonly json: Json
  /** The texts of the `Warning` headers. */
  readonly warnings: readonly string[]
}

export interface Kubectl {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

const token = 'e2e-admin'
/** Records every request to pods with its body and answer, like an operator's audit of admission. */
const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Request', resources: [{ group: '', resources: ['pods'] }] }, { level: 'None' }],
}

/** A real kube-apiserver with its etcd, on free ports of 127.0.0.1, in a folder that `stop` removes. */
export class ApiServer {
  readonly #assets: string
  readonly #folder: string
  readonly #port: number
  readonly #agent = new Agent({ keepAlive: true, rejectUnauthorized: false })
  readonly #processes: readonly Leashed[]

  private constructor(assets: string, folder: string, port: number, processes: readonly Leashed[]) {
    this.#assets = assets
    this.#folder = folder
    this.#port = port
    this.#processes = processes
  }

  /**
   * Starts both programs from the folder in `KUBEBUILDER_ASSETS`, and waits until they are ready. `more` are flags of the API
   * server, which allows everything without an `--authorization-mode`.
   */
  static async start(assets: string, more: readonly string[] = []): Promise<ApiServer> {
    const folder = await mkdtemp(join(tmpdir(), 'api-server-'))
    const [client, peer, port] = [await freePort(), await freePort(), await freePort()]
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const file = async (name: string, text: string): Promise<string> => {
      await writeFile(join(folder, name), text)
      return join(folder, name)
    }
    const key = await file(
      'service-account.pem',
      privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    )
    const tokens = await file('tokens.csv', `${token},e2e-admin,e2e-admin,system:masters\n`)
    const policy = await file('audit-policy.yaml', JSON.stringify(auditPolicy))
    const etcd = startLeashed(join(assets, 'etcd'), [
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=http://127.0.0.1:${client}`,
      `--advertise-client-urls=http://127.0.0.1:${client}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      '--unsafe-no-fsync',
      '--log-level=error',
    ])
    const apiServer = startLeashed(join(assets, 'kube-apiserver'), [
      `--etcd-servers=http://127.0.0.1:${client}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--cert-dir=${folder}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      '--service-cluster-ip-range=10.0.0.0/24',
      `--token-auth-file=${tokens}`,
      // No controller creates service accounts here.
      '--disable-admission-plugins=ServiceAccount',
      `--audit-policy-file=${policy}`,
      `--audit-log-path=${join(folder, 'audit.log')}`,
      '--audit-log-mode=blocking',
      '--v=1',
      ...more,
    ])
    let log = ''
    for (const { process } of [etcd, apiServer]) {
      for (const stream of [process.stdout, process.stderr])
        stream?.on('data', (chunk) => (log = (log + chunk).slice(-4000)))
    }
    const server = new ApiServer(assets, folder, port, [apiServer, etcd])
    try {
      await server.#untilReady()
    } catch (error) {
      await server.stop()
      throw new Error(`the API server does not become ready:\n${log}`, { cause: error })
    }
    return server
  }

  async stop(): Promise<void> {
    this.#agent.destroy()
    await Promise.all(this.#processes.map(({ stop }) => stop()))
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** Sends a request to the API; `path` begins with a slash. */
  async send(
    method: string,
    path: string,
    body?: Json,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> {
    const call = request({
      host: '127.0.0.1',
      port: this.#port,
      method,
      path,
      agent: this.#agent,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    })
    call.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
    const [answer] = (await once(call, 'response')) as [IncomingMessage]
    const text = (await buffer(answer)).toString()
    return {
      status: answer.statusCode ?? 0,
      json: answer.headers['content-type']?.includes('json') ? JSON.parse(text) : text,
      warnings: answer.rawHeaders.filter(
        (_, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === 'warning',
      ),
    }
  }

  /** Writes the kubeconfig of an administrator, or of a user whom the administrator impersonates, and returns its path. */
  async kubeconfig(as?: string): Promise<string> {
    const file = join(this.#folder, 'kubeconfig')
    const cluster = { server: `https://127.0.0.1:${this.#port}`, 'insecure-skip-tls-verify': true }
    const kubeconfig = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'e2e', cluster }],
      users: [{ name: 'e2e', user: { token, as } }],
      contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: 'e2e' } }],
      'current-context': 'e2e',
    }
    await writeFile(file, JSON.stringify(kubeconfig))
    return file
  }

  /** Runs kubectl against this server. */
  kubectl(args: readonly string[], input = ''): Promise<Kubectl> {
    const connection = [
      `--server=https://127.0.0.1:${this.#port}`,
      '--insecure-skip-tls-verify',
      `--token=${token}`,
    ]
    return new Promise((resolve) => {
      const environment = { ...process.env, KUBECONFIG: '/dev/null', HOME: this.#folder }
      const child = execFile(
        join(this.#assets, 'kubectl'),
        [...connection, ...args],
        { env: environment },
        (error, stdout, stderr) => resolve({ status: error === null ? 0 : 1, stdout, stderr }),
      )
      child.stdin?.end(input)
    })
  }

  /** Returns the events of the audit log so far. */
  async auditEvents(): Promise<Json[]> {
    const text = await readFile(join(this.#folder, 'audit.log'), 'utf8')
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  }

  async #untilReady(): Promise<void> {
    for (let tries = 0; tries < 300; tries++) {
      const answer = await this.send('GET', '/readyz').catch(() => undefined)
      if (answer?.status === 200) return
      await sleep(200)
    }
    throw new Error('timed out')
  }
}
