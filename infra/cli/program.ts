import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { createCertsCommand } from './commands/certs.ts'
import { createCompletionCommand } from './commands/completion.ts'
import { createConfigCommand } from './commands/config.ts'
import { createDecodeCommand } from './commands/decode.ts'
import { createDoctorCommand } from './commands/doctor.ts'
import { createEncodeCommand } from './commands/encode.ts'
import { createInitCommand } from './commands/init.ts'
import { createManagerCommand } from './commands/manager.ts'
import { createManifestCommand } from './commands/manifest.ts'
import { createPlaygroundCommand } from './commands/playground.ts'
import { createPreviewCommand } from './commands/preview.ts'
import { createRegisterCommand } from './commands/register.ts'
import { createReviewCommand } from './commands/review.ts'
import { createStartCommand } from './commands/start.ts'
import { createStatusCommand } from './commands/status.ts'
import { createTokensCommand } from './commands/tokens.ts'
import { createUnregisterCommand } from './commands/unregister.ts'
import { createVersionCommand } from './commands/version.ts'
import type { Context } from './context.ts'

/** Creates the command `flyte-webhook` with all its subcommands. `docs/cli.md` is generated from it. */
export const createProgram = (context: Context): Command => {
  const program = new Command('flyte-webhook')
    .description("Flyte's pod webhook as a serverless function: the operator's tool")
    .version(packageJson.version, '-v, --version', 'print the version')
    .option('--verbose', 'show errors in full, with stack traces', false)
    .addHelpText(
      'after',
      `
Each command has its own help: flyte-webhook <command> --help.

Exit status: 0 success, no problem found; 1 failure, or a problem found; 2 wrong
usage or configuration; 3 warnings only.

Example:
  flyte-webhook preview pod.yaml --secret db-creds/password:ENV_VAR`,
    )
  for (const { group, creating } of groups) {
    program.commandsGroup(group)
    for (const create of creating) program.addCommand(create(context))
  }
  program.helpCommand(true)
  settle(program, program.name(), context)
  return program
}

/** The commands, in the groups of `--help`. */
const groups: readonly {
  readonly group: string
  readonly creating: readonly ((context: Context) => Command)[]
}[] = [
  { group: 'Get started:', creating: [createInitCommand, createStartCommand] },
  {
    group: 'See what a pod gets:',
    creating: [
      createPreviewCommand,
      createPlaygroundCommand,
      createReviewCommand,
      createEncodeCommand,
      createDecodeCommand,
    ],
  },
  { group: 'Configure:', creating: [createConfigCommand, createManagerCommand] },
  {
    group: 'Set up callers and clusters:',
    creating: [
      createTokensCommand,
      createCertsCommand,
      createManifestCommand,
      createRegisterCommand,
      createUnregisterCommand,
    ],
  },
  { group: 'Inspect a cluster:', creating: [createStatusCommand, createDoctorCommand] },
  { group: 'Other commands:', creating: [createCompletionCommand, createVersionCommand] },
]

/** Help uses the width of the terminal, up to this number of columns: longer lines are hard to read. */
const maxColumns = 80

/**
 * Makes commander report errors as all commands do, and throw instead of ending the process. `path` is the full command:
 * `flyte-webhook tokens list`.
 */
const settle = (command: Command, path: string, context: Context): void => {
  command
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      outputError: (text) => context.terminal.fail(usageError(text, path)),
      getOutHelpWidth: () =>
        process.stdout.isTTY ? Math.min(process.stdout.columns, maxColumns) : maxColumns,
    })
  for (const inner of command.commands) settle(inner, `${path} ${inner.name()}`, context)
}

/** Formats commander's `error: unknown option '--confg'\n(Did you mean --config?)` as one line with the next step. */
const usageError = (text: string, path: string): string => {
  const what = text
    .replace(/^error: /, '')
    .trim()
    .replace(/\.$/, '')
    .replaceAll('\n', ' ')
  return `${what}; see ${path} --help`
}
