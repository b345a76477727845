import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectRoot } from '../../infra/project-root.ts'
import { freePort } from '../e2e/free-port.ts'
import { type Leashed, startLeashed } from '../support/leash.ts'
import { type Heap, liveHeap } from './heap.ts'

interface Ports {
  readonly https: number
  readonly inspector: number
}

/** `npm start`: the function behind serverless-offline, in a process with an inspectable heap. */
export class LocalServer {
  /** The printed URL, with its token. */
  readonly url: string
  /** The authority of its certificate, PEM. */
  readonly ca: string
  readonly #ports: Ports
  readonly #leashed: Leashed
  readonly #printed: () => string
  #isInspected = false

  private constructor(url: string, ca: string, ports: Ports, leashed: Leashed, printed: () => string) {
    this.url = url
    this.ca = ca
    this.#ports = ports
    this.#leashed = leashed
    this.#printed = printed
  }

  static async start(): Promise<LocalServer> {
    const ports = { https: await freePort(), inspector: await freePort() }
    const program = ['infra/cli/main.ts', 'start', `--port=${ports.https}`]
    const options = `${process.env['NODE_OPTIONS'] ?? ''} --inspect-port=${ports.inspector}`
    const leashed = startLeashed(process.execPath, program, {
      cwd: projectRoot,
      env: { ...process.env, NODE_OPTIONS: options },
    })
    let printed = ''
    for (const stream of [leashed.process.stdout, leashed.process.stderr])
      stream?.on('data', (data: Buffer) => (printed += data.toString()))
    while (!printed.includes('Ctrl-C ends it')) {
      if (leashed.process.exitCode !== null) throw new Error(`npm start ended: ${printed}`)
      await sleep(50)
    }
    const [url = ''] = /https:\/\/localhost:\S+(?=\n)/.exec(printed) ?? []
    const start = printed.length
    const ca = await readFile(join(projectRoot, '.certs/ca.pem'), 'utf8')
    return new LocalServer(url, ca, ports, leashed, () => printed.slice(start))
  }

  /** The output since it printed the URL. */
  get printed(): string {
    return this.#printed()
  }

  /** Returns the live bytes of its threads, a second after its last call. */
  async liveHeap(): Promise<Heap> {
    if (!this.#isInspected) process.kill(this.#gateway().pid, 'SIGUSR1')
    this.#isInspected = true
    await sleep(1000)
    return liveHeap(this.#ports.inspector)
  }

  /** The resident memory in bytes. */
  get residentBytes(): number {
    return this.#gateway().residentBytes
  }

  async stop(): Promise<void> {
    await this.#leashed.stop()
  }

  /** Finds the process of serverless-offline, which also runs the function. */
  #gateway(): { readonly pid: number; readonly residentBytes: number } {
    const all = execFileSync('ps', ['-eo', 'pid=,rss=,args='], { encoding: 'utf8' }).split('\n')
    const line = all.find((one) => one.includes(`--httpPort=${this.#ports.https}`))
    const [pid = 0, kilobytes = 0] = line?.trim().split(/\s+/).map(Number) ?? []
    if (pid === 0) throw new Error('the server is gone')
    return { pid, residentBytes: kilobytes * 1024 }
  }
}
