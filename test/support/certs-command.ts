import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { run, type Running } from './program.ts'

interface Options {
  readonly env?: Readonly<Record<string, string>>
  /** Ends it right before its change of this number to the file system, counted from 1. */
  readonly killedAt?: number
}

/** Starts `flyte-webhook certs`. */
export const startCerts = (args: readonly string[], { env = {}, killedAt }: Options = {}): Running => {
  const preload = killedAt === undefined ? [] : ['--import', join(projectRoot, 'test/support/killed-at.js')]
  const program = [...preload, join(projectRoot, 'infra/cli/main.ts'), 'certs', ...args]
  return run(process.execPath, program, { env: { ...process.env, ...env, KILLED_AT: `${killedAt}` } })
}

/** Runs `flyte-webhook certs` to its end. */
export const certs = async (args: readonly string[], options: Options = {}) => {
  const program = startCerts(args, options)
  const status = await program.ended
  return { status, stdout: program.stdout(), stderr: program.stderr() }
}
