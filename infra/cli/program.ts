import { Command } from 'commander'
import { createCertsCommand } from './commands/certs.ts'
import { createConfigCommand } from './commands/config.ts'
import { createDecodeCommand } from './commands/decode.ts'
import { createDoctorCommand } from './commands/doctor.ts'
import { createEncodeCommand } from './commands/encode.ts'
import { createManifestCommand } from './commands/manifest.ts'
import { createPreviewCommand } from './commands/preview.ts'
import { createRegisterCommand } from './commands/register.ts'
import { createReviewCommand } from './commands/review.ts'
import { createStatusCommand } from './commands/status.ts'
import { createTokensCommand } from './commands/tokens.ts'
import { createUnregisterCommand } from './commands/unregister.ts'
import type { Context } from './context.ts'

/** The command `flyte-webhook` with all its commands; `docs/cli.md` is made from it. */
export const createProgram = (context: Context): Command => {
  const program = new Command('flyte-webhook')
    .description("Flyte's pod webhook as a serverless function: the operator's tool")
    .option('--verbose', 'show where an error comes from', false)
    .addHelpText(
      'after',
      `
Exit status: 0 done, or all is well; 1 it could not be done, or something is wrong; 2 wrong usage or configuration;
3 something should be looked at.`,
    )
  for (const create of commands) program.addCommand(create(context))
  throwErrors(program)
  return program
}

const commands: readonly ((context: Context) => Command)[] = [
  createPreviewCommand,
  createReviewCommand,
  createEncodeCommand,
  createDecodeCommand,
  createConfigCommand,
  createTokensCommand,
  createCertsCommand,
  createManifestCommand,
  createRegisterCommand,
  createUnregisterCommand,
  createStatusCommand,
  createDoctorCommand,
]

/** Commander would end the process; here whoever parses decides. */
const throwErrors = (command: Command): void => {
  command.exitOverride()
  for (const inner of command.commands) throwErrors(inner)
}
