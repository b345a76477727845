import { Command } from 'commander'
import type { Context } from '../context.ts'

/** `flyte-webhook manager`. */
export const createManagerCommand = ({ terminal }: Context): Command =>
  new Command('manager')
    .description('write a secret manager of your own')
    .addCommand(
      new Command('init')
        .description('write managers/<name>.ts and its test, and say how a configuration names it')
        .argument('<name>', 'how the configuration calls it: letters and digits, the first a capital')
        .addHelpText(
          'after',
          `
The manager fetches a file for any group and key by an init container.
docs/plugins.md says how to go on.

Exit status: 2 where a manager cannot have the name.

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

Name it in webhook.yaml, beside what stands there:
`)
          terminal.write(configurationText(name).trimEnd())
          terminal.note('\nThen check the configuration:\n\n  npx flyte-webhook config check webhook.yaml')
        }),
    )
    .addHelpText('after', '\nExample:\n  flyte-webhook manager init MyStore')
