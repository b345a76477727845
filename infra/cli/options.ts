import { InvalidArgumentError, Option } from 'commander'
import type { NamespacedName } from '../kubernetes/namespaced-name.ts'

/** `--config`: the configuration file. */
export const configOption = (): Option =>
  new Option('--config <file>', 'the configuration file').default('webhook.yaml')

/** `-f`, as in kubectl, for every command that reads a document from a file. The file can also be an argument. */
export const fileOption = (): Option =>
  new Option('-f, --filename <file>', 'the file, as in kubectl; - for standard input')

/** `--kubeconfig`, as in kubectl. */
export const kubeconfigOption = (): Option =>
  new Option(
    '--kubeconfig <file>',
    "the kubeconfig file; by default, KUBECONFIG, ~/.kube/config or the pod's own",
  ).helpGroup(whichCluster)

/** `--context`, as in kubectl. */
export const contextOption = (): Option =>
  new Option('--context <name>', 'the context of the kubeconfig; by default, its current one').helpGroup(
    whichCluster,
  )

const whichCluster = 'Cluster options:'

/** `--dry-run`, for every command that changes something. */
export const dryRunOption = (): Option =>
  new Option('--dry-run', 'show the changes without making them').default(false)

/** Reads `<namespace>/<name>`, as kubectl writes the name of an object. */
export const parseNamespacedName = (text: string): NamespacedName => {
  const [, namespace, name] = /^([^/]+)\/([^/]+)$/u.exec(text) ?? []
  if (namespace === undefined || name === undefined)
    throw new InvalidArgumentError('Write it as <namespace>/<name>.')
  return { namespace, name }
}
