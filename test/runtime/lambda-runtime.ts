import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../e2e/free-port.ts'
import { type Leashed, startLeashed } from '../support/leash.ts'
import type { Json } from '../support/pods.ts'
import { client, emulator } from './programs.ts'

/** A function as deployed to Lambda. */
export interface DeployedFunction {
  /** The absolute path of the unpacked zip. */
  readonly folder: string
  /** As in the template: `dist/mutate.handler`. */
  readonly handler: string
  readonly timeoutSeconds: number
  readonly memoryMb: number
  /** The environment of its process, without Lambda's own variables. */
  readonly environment: Readonly<Record<string, string>>
}

/** The result of `invoke` if the function fails or Lambda's time-out ends it. */
export interface InvocationError {
  readonly errorType?: string
  readonly errorMessage: string
}

/** Logs the runtime's process ID, then becomes the runtime. */
const announced = 'echo "runtime $$"; exec "$@"'

/**
 * One Lambda execution environment: AWS's Runtime Interface Emulator, which starts AWS's client with the function. Like Lambda, it
 * answers one call at a time. Unlike Lambda, its init phase begins with the first call.
 */
export class LambdaRuntime {
  readonly #emulator: Leashed
  readonly #url: string
  #log = ''

  private constructor(leashed: Leashed, port: number) {
    this.#emulator = leashed
    this.#url = `http://127.0.0.1:${port}`
    for (const stream of [leashed.process.stdout, leashed.process.stderr])
      stream?.on('data', (data: Buffer) => (this.#log += data.toString()))
  }

  /** Starts the emulator, and waits until it listens. */
  static async start(deployed: DeployedFunction): Promise<LambdaRuntime> {
    const { folder, handler, timeoutSeconds, memoryMb, environment } = deployed
    const [port, runtimePort] = [await freePort(), await freePort()]
    const addresses = [
      `--runtime-interface-emulator-address=127.0.0.1:${port}`,
      `--runtime-api-address=127.0.0.1:${runtimePort}`,
    ]
    const command = ['sh', '-c', announced, 'sh', process.execPath, client, handler]
    const leashed = startLeashed(emulator, [...addresses, ...command], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        LAMBDA_TASK_ROOT: folder,
        AWS_LAMBDA_FUNCTION_NAME: 'flyte-webhook',
        AWS_LAMBDA_FUNCTION_TIMEOUT: `${timeoutSeconds}`,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: `${memoryMb}`,
        ...environment,
      },
    })
    const runtime = new LambdaRuntime(leashed, port)
    while (!(await runtime.#listens())) {
      if (leashed.process.exitCode !== null) throw new Error(`the emulator ended: ${runtime.#log}`)
      await sleep(10)
    }
    return runtime
  }

  /** The output so far: Lambda's own lines, and the function's. */
  get log(): string {
    return this.#log
  }

  /** The process IDs of the runtimes started so far. Lambda starts another after a time-out or a crash. */
  get processIds(): readonly number[] {
    return [...this.#log.matchAll(/^runtime (\d+)$/gm)].map(([, id]) => Number(id))
  }

  /** The duration of the first runtime's init phase, in milliseconds. */
  get initMs(): number {
    return Number(/INIT REPORT\(durationMs: ([\d.]+)\)/.exec(this.#log)?.[1])
  }

  /** Sends the function an event and returns its result. Throws if the environment is already handling a call. */
  async invoke(event: unknown): Promise<Json> {
    const answer = await fetch(`${this.#url}/2015-03-31/functions/function/invocations`, {
      method: 'POST',
      body: JSON.stringify(event),
    })
    const text = await answer.text()
    if (answer.status === 400) throw new Error(`the environment is already handling a call: ${this.#log}`)
    if (text === '' || text.startsWith('Task timed out'))
      return { errorMessage: text } satisfies InvocationError
    return JSON.parse(text)
  }

  /** Returns the current runtime's peak memory so far, in bytes. */
  async peakBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.processIds.at(-1)}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
  }

  /** Suspends the current runtime, as Lambda freezes an environment between calls. */
  freeze(): void {
    process.kill(this.processIds.at(-1) ?? Number.NaN, 'SIGSTOP')
  }

  thaw(): void {
    process.kill(this.processIds.at(-1) ?? Number.NaN, 'SIGCONT')
  }

  async stop(): Promise<void> {
    await this.#emulator.stop()
  }

  async #listens(): Promise<boolean> {
    return fetch(this.#url).then(
      () => true,
      () => false,
    )
  }
}
