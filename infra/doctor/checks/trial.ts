import { selects } from '../../kubernetes/label-selector.ts'
import type { ClusterFacts } from '../facts.ts'
import { type Check, ok, problem, type Verdict, whenKnown } from '../finding.ts'

/** Checks that a pod gets its secret from the API server. */
export const trialCheck: Check<ClusterFacts> = {
  name: 'pod',
  look: (facts) =>
    whenKnown(facts.trial, (trial): readonly Verdict[] => {
      const { trialNamespace: namespace } = facts
      switch (trial.kind) {
        case 'right':
          return [
            ok(
              trial.expected === 'secret'
                ? `a pod in ${namespace} comes back with its secret (server-side dry run)`
                : `a pod in ${namespace} that asks for an unknown secret is denied (server-side dry run)`,
            ),
          ]
        case 'bare':
          return [
            isReached(facts)
              ? problem(
                  `a pod in ${namespace} comes back without its secret (server-side dry run)`,
                  'check the other lines, and the log of the function',
                )
              : {
                  level: 'warning',
                  message: `a pod in ${namespace} is not sent: namespaceSelector does not match it`,
                  next: 'name a namespace of your tasks with --namespace',
                },
          ]
        case 'refused':
          return [
            problem(
              `a pod in ${namespace} is refused: ${trial.why}`,
              'check the other lines, and the log of the function',
            ),
          ]
      }
    }),
}

/** Returns whether the selector matches the trial's namespace. A namespace with unknown labels counts as matched. */
const isReached = ({ registered, namespaces, trialNamespace }: ClusterFacts): boolean => {
  if (registered.kind === 'unknown' || namespaces.kind === 'unknown') return true
  const namespace = namespaces.value.find(({ metadata }) => metadata?.name === trialNamespace)
  return (
    namespace === undefined || selects(registered.value.webhook.namespaceSelector, namespace.metadata?.labels)
  )
}
