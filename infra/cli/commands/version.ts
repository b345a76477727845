import { Command } from 'commander'
import packageJson from '../../../package.json' with { type: 'json' }
import type { Context } from '../context.ts'

/** `flyte-webhook version`. */
export const createVersionCommand = ({ terminal }: Context): Command =>
  new Command('version')
    .description('print the version, as --version does')
    .addHelpText('after', '\nExample:\n  flyte-webhook version')
    .action(() => terminal.write(packageJson.version))
