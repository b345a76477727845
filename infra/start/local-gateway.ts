import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { Output } from './output.ts'

/** What serverless-offline serves. */
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

/** How long a server gets to end. Ctrl-C must end everything within two seconds. */
const gracePeriodMs = 1000

/**
 * Runs serverless-offline, which passes events of API Gateway's shape to the built function. Signals of the terminal do not
 * reach its process group. It ends by `stop`, or when this process has ended (its IPC channel closes).
 */
export class LocalGateway {
  readonly output = new Output()
  /** Settles when the process has ended. */
  readonly ended: Promise<void>
  readonly #process: ChildProcess

  constructor(options: GatewayOptions) {
    this.#process = spawn(process.execPath, commandLine(options), {
      // Its notices would show the paths of requests, with their tokens.
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

  /** Ends the process and its children, by force after a second. */
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
      // The group is empty.
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
  // The port of Lambda's own API, which is not used here: any free port.
  '--lambdaPort=0',
  '--noPrependStageInUrl',
  '--noSponsor',
  // Global secrets come from the environment of npm start.
  '--localEnvironment',
]
