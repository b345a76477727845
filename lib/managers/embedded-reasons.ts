import type { Reason } from '../manager-kit/reason.ts'
import { doesNotAnswer, inNoScope } from './embedded-aws.ts'
import { noScopedKey } from './embedded-k8s.ts'
import { mayNotClaim } from './embedded-name.ts'

/** @public docs/troubleshooting.md is made from them. */
export const reasons: readonly Reason[] = [
  {
    says: [mayNotClaim],
    why: 'A rule does not allow this cluster, namespace, user, organization, project or domain. The message is the same whether the secret exists or not. `function.onFailure: admit` does not change it.',
    todo: 'Ask the operator for access. The operator adds the namespace or project to the rule and deploys. `flyte-webhook preview --user … --cluster …` tests a rule.',
  },
  {
    says: [noScopedKey],
    why: 'Kubernetes restricts the keys of Secrets, and no Secret can have this key.',
    todo: 'Correct the key. If another manager has the secret, add that manager to `webhook.secretManagerTypes`.',
  },
  {
    says: [
      'its Secrets are in the namespace <namespace>, and a pod can refer only to Secrets in its own namespace',
    ],
    why: '`Embedded` with the type `K8s` refers to Secrets, and a pod can only refer to Secrets in its own namespace.',
    todo: 'Run the tasks in `k8sConfig.namespace`, or let `Embedded` read from AWS (`examples/embedded-aws.yaml`).',
  },
  {
    says: ['the pod lacks the label <labels>'],
    why: '`Embedded` finds secrets by the labels `organization`, `domain` and `project`, which Flyte 2 writes.',
    todo: 'Check that Flyte 2 created the pod. Flyte 1 does not have organizations.',
  },
  {
    says: ['Kubernetes does not allow the value of the label <labels>'],
    why: 'The labels `organization`, `domain` and `project` are part of the names of secrets. An API server also refuses a pod with an invalid label.',
    todo: 'Correct the label: at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.',
  },
  {
    says: [inNoScope],
    why: 'Secrets Manager has no secret under the three names that `Embedded` tries.',
    todo: "Create the secret (`flyte create secret`) in the scope of the pod's project, or correct the key. Names are case-sensitive.",
  },
  {
    place: 'outage',
    says: [doesNotAnswer],
    why: 'The last answer of the store was that no scope has the secret. One of these answers is too old to use, and the store does not answer now.',
    todo: 'Wait and retry. If the error stays, check AWS Health.',
  },
  {
    place: 'init-container',
    says: ['<file>: no Secret of its project, domain or organization has it'],
    why: '`Embedded` with the type `K8s` found none of the three Secrets, or the Secrets do not have the key.',
    todo: 'Create the secret (`flyte create secret`), or correct the key.',
  },
]
