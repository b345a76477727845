import type { Reason } from '../manager-kit/reason.ts'
import { doesNotAnswer, inNoScope } from './embedded-aws.ts'
import { noScopedKey } from './embedded-k8s.ts'
import { mayNotClaim } from './embedded-name.ts'

/** @public docs/troubleshooting.md is made from them. */
export const reasons: readonly Reason[] = [
  {
    says: [mayNotClaim],
    why: 'A rule refuses it: cluster, namespace, user, organization, project or domain is not one of those that may have it. It is said in these words whether or not there is such a secret, and also with `function.onFailure: admit`.',
    todo: 'Ask the operator for access; the operator adds the namespace or project to the rule, and deploys. `flyte-webhook preview --user … --cluster …` tries a rule.',
  },
  {
    says: [noScopedKey],
    why: 'Kubernetes has rules for the keys of Secrets, so there can be no Secret with this key.',
    todo: 'Correct the key. A request for another manager needs that one in `webhook.secretManagerTypes`.',
  },
  {
    says: ['its Secrets are in the namespace <namespace>, which a pod of another cannot refer to'],
    why: '`Embedded` of the type `K8s` refers to Secrets, and a pod can refer to those of its own namespace alone.',
    todo: 'Run the tasks in `k8sConfig.namespace`, or let `Embedded` read from AWS (`examples/embedded-aws.yaml`).',
  },
  {
    says: ['the pod lacks the label <labels>'],
    why: '`Embedded` finds secrets by the labels `organization`, `domain` and `project`, which Flyte 2 writes.',
    todo: 'Look whether the pod was made by Flyte 2; Flyte 1 has no organization.',
  },
  {
    says: [inNoScope],
    why: 'Secrets Manager has none of the three names under which `Embedded` looks.',
    todo: "Make the secret (`flyte create secret`) in the scope of the pod's project, or correct the key. Upper and lower case matter.",
  },
  {
    place: 'outage',
    says: [doesNotAnswer],
    why: 'None of the three scopes has the secret as far as is known, but the store said so of one of them a while ago, and does not answer now.',
    todo: 'Wait. If it stays, look at AWS Health.',
  },
  {
    place: 'init-container',
    says: ['<file>: no Secret of its project, domain or organization has it'],
    why: '`Embedded` of the type `K8s`: none of the three Secrets is there, or none has the key.',
    todo: 'Make the secret (`flyte create secret`), or correct the key.',
  },
]
