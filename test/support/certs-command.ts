import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import type { Behaviour, FaultyProxy } from './faulty-proxy.ts'
import { run, type Running, until } from './program.ts'

interface Options {
  readonly env?: Readonly<Record<string, string>>
  /** Kills the program right before this change to the file system, counted from 1. */
  readonly killedAt?: number
}

/** Starts `flyte-webhook certs`. */
const startCerts = (args: readonly string[], { env = {}, killedAt }: Options = {}): Running => {
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

/**
 * Runs `flyte-webhook certs` repeatedly and kills it at each of its calls to a server in turn: before the call arrives, and after the
 * server has acted but before its answer arrives. Yields where each run was killed. Ends when a run finishes.
 */
export async function* killedAtEachCall(
  proxy: FaultyProxy,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): AsyncGenerator<string> {
  for (let call = 1; ; call++) {
    for (const after of ['request', 'answer'] as const) {
      proxy.reset()
      proxy.next = Array.from({ length: call - 1 }, (): Behaviour => ({ kind: 'pass' }))
      proxy.behaviour = { kind: 'hang', after }
      const program = startCerts(args, { env })
      let isOver = false
      void program.ended.then(() => (isOver = true))
      await until(() => isOver || (after === 'request' ? proxy.requests === call : proxy.lost === 1))
      program.process.kill('SIGKILL')
      const status = await program.ended
      proxy.reset()
      if (status !== 'SIGKILL' && status !== 0) throw new Error(program.stderr())
      yield `call ${call}, after its ${after}`
      if (status === 0) return
    }
  }
}
