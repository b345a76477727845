import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { projectRoot } from '../../infra/project-root.ts'

/** A program that a test started, and its output so far. */
export interface Running {
  readonly process: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  /** The exit status, or the signal that ended the program. */
  readonly ended: Promise<number | NodeJS.Signals>
}

/** Starts a program, by default in the project's folder. */
export const run = (command: string, args: readonly string[], options: SpawnOptions = {}): Running => {
  const child = spawn(command, args, { cwd: projectRoot, stdio: 'pipe', ...options })
  const printed = { stdout: '', stderr: '' }
  child.stdout?.on('data', (data: Buffer) => (printed.stdout += data.toString()))
  child.stderr?.on('data', (data: Buffer) => (printed.stderr += data.toString()))
  const ended = once(child, 'close').then(([status, signal]) => status ?? signal)
  return { process: child, stdout: () => printed.stdout, stderr: () => printed.stderr, ended }
}

/** Waits until a condition holds, for at most `limitMs`. */
export const until = async (isSo: () => boolean, limitMs = 20_000): Promise<void> => {
  const end = Date.now() + limitMs
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`the condition does not hold after ${limitMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
