import { inspect } from 'node:util'
import { CommanderError } from 'commander'
import { ConfigError } from '../config/config-error.ts'
import { CommandFailure, exitStatus, sentenceOf } from '../failure.ts'
import { createProgram } from './program.ts'
import { createTerminal } from './terminal.ts'

const terminal = createTerminal(process.stdout, process.stderr)

// A reader that closes the pipe, such as `head`, ends the command; a full disk fails it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  terminal.fail(`standard output cannot be written (${error.code}): a part of the result is lost`)
  process.exit(exitStatus.failed)
})

const program = createProgram({ terminal, now: () => new Date(), environment: process.env })

try {
  await program.parseAsync()
} catch (error) {
  // commander has already written its own errors.
  if (!(error instanceof CommanderError)) for (const text of describe(error)) terminal.fail(text)
  process.exitCode = statusOf(error)
}

/**
 * Describes an error to a person: one sentence, or one for each problem of a configuration. Shows everything with `--verbose`.
 */
function describe(error: unknown): readonly string[] {
  if (program.opts<{ verbose: boolean }>().verbose) return [inspect(error)]
  return error instanceof ConfigError ? error.message.split('\n') : [sentenceOf(error)]
}

function statusOf(error: unknown): number {
  if (error instanceof CommandFailure) return error.status
  if (error instanceof CommanderError && error.exitCode === 0) return exitStatus.ok
  if (error instanceof ConfigError || error instanceof CommanderError) return exitStatus.usage
  return exitStatus.failed
}
