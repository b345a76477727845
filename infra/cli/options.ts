import { Option } from 'commander'

/** `--config`: the configuration file that a command reads. */
export const configOption = (): Option =>
  new Option('--config <file>', 'the configuration').default('webhook.yaml')

/** `--kubeconfig`, as kubectl has it. */
export const kubeconfigOption = (): Option =>
  new Option(
    '--kubeconfig <file>',
    "the kubeconfig file; KUBECONFIG, ~/.kube/config or the pod's own otherwise",
  )

/** `--context`, as kubectl has it. */
export const contextOption = (): Option =>
  new Option('--context <name>', 'the context of the kubeconfig; its current one otherwise')

/** `--dry-run`: of every command that changes something. */
export const dryRunOption = (): Option =>
  new Option('--dry-run', 'say what would be done, and change nothing').default(false)
