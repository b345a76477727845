import { Command } from 'commander'
import type { Context } from '../context.ts'

/** `flyte-webhook manager`. */
export const createManagerCommand = ({ terminal }: Context): Command =>
  new Command('manager')
    .description('create a secret manager of your own')
    .addCommand(
      new Command('init')
        .description('write managers/<name>.ts and its test, and print its configuration')
        .argument('<name>', 'its name in the configuration: letters and digits, with an initial capital')
        .addHelpText(
          'after',
          `
The manager fetches a file for any group and key in an init container.
docs/plugins.md shows how to continue.

Exit status: 2 if the name is not allowed.

Example:
  flyte-webhook manager init MyStore`,
        )
        .action(async (given: string) => {
          const [{ managerNameOf, writeNewManager }, { configurationText }] = await Promise.all([
            import('../../new-manager/new-manager.ts'),
            import('../../new-manager/manager-text.ts'),
          ])
          const name = managerNameOf(given)
          const [manager, test] = await writeNewManager(name, process.cwd())
          terminal.note(`Wrote ${manager} and ${test}. Test the manager:

  node --test ${test}

Add it to webhook.yaml:
`)
          terminal.write(configurationText(name).trimEnd())
          terminal.note('\nThen check the configuration:\n\n  npx flyte-webhook config check webhook.yaml')
        }),
    )
    .addHelpText('after', '\nExample:\n  flyte-webhook manager init MyStore')
