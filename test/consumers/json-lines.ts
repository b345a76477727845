import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Json } from '../support/pods.ts'

/** A program that answers each line of JSON with a line of JSON, in order, and ends at the end of its standard input. */
export class JsonLines {
  readonly #process: ChildProcess
  readonly #waiting: { readonly resolve: (answer: Json) => void; readonly reject: (error: Error) => void }[] =
    []
  #stderr = ''

  private constructor(process: ChildProcess) {
    this.#process = process
  }

  static start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): JsonLines {
    const child = spawn(command, args, { stdio: 'pipe', env })
    const program = new JsonLines(child)
    createInterface({ input: child.stdout }).on('line', (line) =>
      program.#waiting.shift()?.resolve(JSON.parse(line)),
    )
    child.stderr.on('data', (data: Buffer) => (program.#stderr += data.toString()))
    child.on('close', () => {
      for (const { reject } of program.#waiting) reject(new Error(`${command} ended: ${program.#stderr}`))
    })
    return program
  }

  ask(question: Json): Promise<Json> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#process.stdin?.write(`${JSON.stringify(question)}\n`)
    })
  }

  async stop(): Promise<void> {
    this.#process.stdin?.end()
    if (this.#process.exitCode === null) await once(this.#process, 'close')
  }
}
