import type { V1Pod } from '@kubernetes/client-node'
import type { LoadedConfig } from '../../config/config-file.ts'
import { described } from '../../../lib/config/described-manager.ts'
import { askedOf, needsSecretsManager } from '../../../lib/secret-managers.ts'
import type { ClusterFacts } from '../facts.ts'
import { type Check, ok, type Verdict, warning, whenKnown } from '../finding.ts'

/**
 * Checks whether an audit log can contain values. From the level `Request` on, the API server logs each webhook's patch
 * (`patch.webhook.admission.k8s.io/…`), which contains literal values. The policy is a file of the API server, and its API does
 * not show it. Only the flags are visible, and only if the API server runs as a pod.
 */
export const auditCheck: Check<ClusterFacts> = {
  name: 'audit',
  look: ({ systemPods, ...loaded }) =>
    givesLiterals(loaded)
      ? whenKnown(systemPods, (pods) => [verdictOf(pods)])
      : [
          ok(
            "the configuration names no source of literal values; the function's environment is not visible from here",
          ),
        ],
}

/** Returns whether the webhook writes values of secrets into pods: global ones, and those that managers read. */
const givesLiterals = ({ config, definitions }: LoadedConfig): boolean =>
  needsSecretsManager(config, definitions) ||
  config.function.globalSecrets.allow !== undefined ||
  askedOf(config, definitions).some((manager) => described(manager, config).reader === 'function')

const lookFor =
  'set its rule for pods to the level Metadata or None: from Request on, it logs the values in patches'

const verdictOf = (systemPods: readonly V1Pod[]): Verdict => {
  const apiServers = systemPods.filter(({ metadata }) => metadata?.labels?.['component'] === 'kube-apiserver')
  if (apiServers.length === 0)
    return warning(
      'the API server does not run as a pod, so its audit policy cannot be seen (EKS: the log type audit of the control plane)',
      lookFor,
    )
  const files = new Set(apiServers.flatMap(policyFiles))
  return files.size === 0
    ? ok('the API server has no audit policy')
    : warning(
        `the API server has the audit policy ${[...files].join(', ')}, which cannot be read from here`,
        lookFor,
      )
}

const policyFiles = ({ spec }: V1Pod): readonly string[] =>
  (spec?.containers ?? [])
    .flatMap(({ command = [], args = [] }) => [...command, ...args])
    .flatMap((word) => /^--audit-policy-file=(?<file>.+)$/.exec(word)?.groups?.['file'] ?? [])
