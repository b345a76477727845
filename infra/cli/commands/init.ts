import { Command, Option } from 'commander'
import type { NamespacedName } from '../../kubernetes/namespaced-name.ts'
import type { Context } from '../context.ts'
import { configMapOption, importedConfig } from '../imported-config.ts'
import { contextOption, kubeconfigOption } from '../options.ts'

interface InitArguments {
  readonly fromFile: readonly string[]
  readonly fromConfigmap: readonly NamespacedName[]
  readonly kubeconfig?: string
  readonly context?: string
}

/** `flyte-webhook init`. */
export const createInitCommand = ({ terminal }: Context): Command =>
  new Command('init')
    .description('create a project of your own that uses flyte-webhook as a package')
    .argument('[dir]', 'its folder; created if missing', '.')
    .addOption(
      new Option(
        '--from-file <file>',
        "create webhook.yaml from Flyte's configuration, as config import does; repeatable",
      )
        .argParser((file: string, before: readonly string[]) => [...before, file])
        .default([], 'none'),
    )
    .addOption(configMapOption('--from-configmap', 'the same, from a ConfigMap in the cluster'))
    .addOption(kubeconfigOption())
    .addOption(contextOption())
    .addHelpText(
      'after',
      `
It writes package.json, webhook.yaml, serverless.yml, README.md, .gitignore, a
GitHub Actions workflow and two examples. It never overwrites a file: if one of
these exists, it prints its name and writes nothing. The project installs the
package from its folder vendor.

Example:
  flyte-webhook init webhook --from-file values.yaml`,
    )
    .action(async (folder: string, options: InitArguments) => {
      const { defaultConfiguration, nextCommands, writeNewProject } = await import(
        '../../new-project/new-project.ts'
      )
      const { fromFile: files, fromConfigmap: configMaps, ...cluster } = options
      const configuration =
        files.length + configMaps.length === 0
          ? await defaultConfiguration()
          : await importedConfig({ files, configMaps, ...cluster }, terminal)
      const written = await writeNewProject(folder, configuration)
      terminal.note(`Wrote ${written.join(', ')}. Next:\n`)
      terminal.write([...(folder === '.' ? [] : [`cd ${folder}`]), ...nextCommands(folder)].join('\n'))
    })
