import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Leashed {
  readonly process: ChildProcess
  /** Kills the program. Resolves when it has exited. */
  readonly stop: () => Promise<void>
}

/** Kills the program when standard input closes. The kernel closes it however the test ends. */
const script =
  'exec 3<&0; "$@" 3<&- </dev/null & p=$!; { cat <&3 >/dev/null; kill -9 $p; } 2>/dev/null & wait $p'

/** Starts a program that ends with this process, even if this process is killed. */
export const startLeashed = (
  command: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Leashed => {
  const child = spawn('sh', ['-c', script, 'sh', command, ...args], {
    ...options,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  return {
    process: child,
    stop: async () => {
      child.stdin.end()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}
