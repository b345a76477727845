import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { run } from './program.ts'

/** The result of a command. */
export interface Ended {
  readonly status: number | NodeJS.Signals
  readonly stdout: string
  readonly stderr: string
}

/** Runs `flyte-webhook` as an operator does. */
export const flyteWebhook = async (
  args: readonly string[],
  { input = '', env = {} }: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> => {
  const launcher = join(projectRoot, 'infra/cli/flyte-webhook.js')
  const program = run(process.execPath, [launcher, ...args], { env: { ...process.env, ...env } })
  program.process.stdin?.end(input)
  return { status: await program.ended, stdout: program.stdout(), stderr: program.stderr() }
}
