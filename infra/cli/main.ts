#!/usr/bin/env node
import { inspect } from 'node:util'
import { CommanderError } from 'commander'
import { ConfigError } from '../config/config-error.ts'
import { CommandFailure, exitStatus, sentenceOf } from '../failure.ts'
import { createProgram } from './program.ts'
import { createTerminal } from './terminal.ts'

// A reader that has seen enough, as `head`, ends the command.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

const terminal = createTerminal(process.stdout, process.stderr)
const program = createProgram({ terminal, now: () => new Date(), environment: process.env })

try {
  await program.parseAsync()
} catch (error) {
  // What commander found wrong is written already.
  if (!(error instanceof CommanderError)) terminal.note(describe(error))
  process.exitCode = statusOf(error)
}

/** One line for the error that a person made, or met; where it comes from only if they ask. */
function describe(error: unknown): string {
  const isVerbose = program.opts<{ verbose: boolean }>().verbose
  if (isVerbose) return inspect(error)
  const message = sentenceOf(error)
  if (error instanceof ConfigError) return message
  return `flyte-webhook: ${message}`
}

function statusOf(error: unknown): number {
  if (error instanceof CommandFailure) return error.status
  if (error instanceof CommanderError && error.exitCode === 0) return exitStatus.ok
  if (error instanceof ConfigError || error instanceof CommanderError) return exitStatus.usage
  return exitStatus.failed
}
