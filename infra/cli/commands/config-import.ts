import { Command } from 'commander'
import { wrongUsage } from '../../failure.ts'
import type { NamespacedName } from '../../kubernetes/namespaced-name.ts'
import { configMapOption, importedConfig } from '../imported-config.ts'
import { contextOption, kubeconfigOption } from '../options.ts'
import type { Terminal } from '../terminal.ts'

interface ImportArguments {
  readonly configmap: readonly NamespacedName[]
  readonly kubeconfig?: string
  readonly context?: string
}

/** `flyte-webhook config import`. */
export const createImportCommand = (terminal: Terminal): Command =>
  new Command('import')
    .description("create a webhook.yaml from Flyte's configuration: its sections webhook: and secrets:")
    .argument(
      '[file...]',
      "ConfigMaps, Helm values of flyte-core or flyte-binary, or Flyte's own files, as YAML or JSON; - for standard input",
    )
    .addOption(configMapOption('--configmap', 'a ConfigMap in the cluster, instead of files; repeatable'))
    .addOption(kubeconfigOption())
    .addOption(contextOption())
    .addHelpText(
      'after',
      `
The result goes to standard output, with function.profile and with a comment
above every key without effect. Several files are merged as Flyte does: a later
one wins, key by key.

Exit status: 1 if you must change lines of the result, which are marked WRONG; 2
if nothing was found, in which case nothing is printed.

Example:
  flyte-webhook config import values.yaml > imported.yaml
  flyte-webhook config import --configmap flyte/flyte-propeller-config`,
    )
    .action(async (files: readonly string[], options: ImportArguments) => {
      if ((files.length === 0) === (options.configmap.length === 0))
        throw wrongUsage('name files, - for standard input, or --configmap namespace/name')
      const { configmap: configMaps, ...cluster } = options
      terminal.write((await importedConfig({ files, configMaps, ...cluster }, terminal)).trimEnd())
    })
