import { isDeepStrictEqual } from 'node:util'
import { selects } from '../../kubernetes/label-selector.ts'
import { takingPart } from '../../registration/match.ts'
import type { ClusterFacts } from '../facts.ts'
import { type Check, ok, problem, warning, whenKnown } from '../finding.ts'

/**
 * Checks that pods of kube-system are not sent: a cluster must start without this webhook. kube-public and kube-node-lease have
 * no pods.
 */
export const systemNamespacesCheck: Check<ClusterFacts> = {
  name: 'namespaces',
  look: ({ registered, namespaces }) =>
    whenKnown(registered, ({ webhook: { namespaceSelector, objectSelector } }) =>
      whenKnown(namespaces, (all) => {
        const system = all.find(({ metadata }) => metadata?.name === 'kube-system')
        if (system === undefined || !selects(namespaceSelector, system.metadata?.labels))
          return [ok('the pods of kube-system are not sent')]
        const next = 'flyte-webhook register excludes it'
        return isDeepStrictEqual({ ...objectSelector }.matchLabels, takingPart().matchLabels)
          ? [warning('namespaceSelector matches kube-system: its pods with the label are sent', next)]
          : [
              problem(
                'namespaceSelector matches kube-system: the cluster cannot start without this webhook',
                next,
              ),
            ]
      }),
    ),
}
