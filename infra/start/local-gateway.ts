import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { Output } from './output.ts'

/** What serverless-offline is to serve. */
export interface GatewayOptions {
  readonly address: string
  readonly port: number
  /** An absolute path. */
  readonly configFile: string
  /** The folder with `cert.pem` and `key.pem`. */
  readonly certificates: string
  /** `<cluster>=<SHA-256 of its token>`. */
  readonly tokenSha256: string
}

/** A server that was asked to end gets this long; Ctrl-C promises two seconds for everything. */
const gracePeriodMs = 1000

/**
 * serverless-offline in a process group of its own: API Gateway's event shape in front of the built function. Signals of the
 * terminal do not reach it; it ends by `stop`, or by itself when this process is gone (its IPC channel closes).
 */
export class LocalGateway {
  readonly output = new Output()
  /** Settles when the process has ended. */
  readonly ended: Promise<void>
  readonly #process: ChildProcess

  constructor(options: GatewayOptions) {
    this.#process = spawn(process.execPath, commandLine(options), {
      // Its notices hold the paths of requests, with their tokens.
      env: { ...process.env, SLS_LOG_LEVEL: 'error' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    })
    this.ended = once(this.#process, 'close').then(() => this.#signalGroup('SIGKILL'))
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream !== null) this.output.follow(stream)
    }
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null
  }

  /** Ends the process and all that it started, by force after a second. */
  async stop(): Promise<void> {
    this.#process.kill('SIGTERM')
    const force = setTimeout(() => this.#signalGroup('SIGKILL'), gracePeriodMs)
    await this.ended
    clearTimeout(force)
  }

  #signalGroup(signal: NodeJS.Signals): void {
    if (this.#process.pid === undefined) return
    try {
      process.kill(-this.#process.pid, signal)
    } catch {
      // Nobody is left in the group.
    }
  }
}

const commandLine = ({ address, port, configFile, certificates, tokenSha256 }: GatewayOptions): string[] => [
  createRequire(resolve('serverless.yml')).resolve('serverless/bin/serverless.js'),
  'offline',
  `--param=config=${configFile}`,
  `--param=callerTokenSha256=${tokenSha256}`,
  '--stage=local',
  `--host=${address}`,
  `--httpPort=${port}`,
  `--httpsProtocol=${certificates}`,
  // The port of Lambda's own API, which nobody asks for here: any free one.
  '--lambdaPort=0',
  '--noPrependStageInUrl',
  '--noSponsor',
  // Global secrets come from the environment of npm start.
  '--localEnvironment',
]
