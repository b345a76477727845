import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** One bash into which a test pastes commands like an operator: variables and functions persist between pastes. */
export class TerminalSession {
  readonly #shell: ChildProcess
  readonly #isOver: Promise<unknown>
  #stdout = ''
  #stderr = ''
  #lastMark = 0

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    this.#shell = spawn('bash', ['-c', 'set -o pipefail; while read -r line; do eval "$line"; done'], {
      cwd,
      env,
      stdio: 'pipe',
    })
    this.#isOver = once(this.#shell, 'close')
    this.#shell.stdout?.on('data', (data: Buffer) => (this.#stdout += data.toString()))
    this.#shell.stderr?.on('data', (data: Buffer) => (this.#stderr += data.toString()))
  }

  /** Runs commands and returns their standard output. The first failure ends the session and throws. */
  async paste(commands: string): Promise<string> {
    if (this.#shell.exitCode !== null) throw new Error('earlier commands have ended the session')
    const mark = `-- mark ${++this.#lastMark} --`
    const [from, errorsFrom] = [this.#stdout.length, this.#stderr.length]
    const encoded = Buffer.from(commands).toString('base64')
    // Keeps the commands from reading the lines that follow.
    this.#shell.stdin?.write(
      `set -e; eval "$(echo ${encoded} | base64 -d)" </dev/null; set +e; echo "${mark}"\n`,
    )
    await Promise.race([this.#untilPrinted(mark, from), this.#isOver])
    const end = this.#stdout.indexOf(mark, from)
    if (end === -1)
      throw new Error(`${commands}\nfailed:\n${this.#stdout.slice(from)}${this.#stderr.slice(errorsFrom)}`)
    return this.#stdout.slice(from, end)
  }

  async end(): Promise<void> {
    this.#shell.stdin?.end()
    await this.#isOver
  }

  async #untilPrinted(mark: string, from: number): Promise<void> {
    while (!this.#stdout.includes(mark, from)) await once(this.#shell.stdout ?? this.#shell, 'data')
  }
}
