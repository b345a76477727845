import type { V1Pod } from '@kubernetes/client-node'
import { ApiFailure, type Cluster } from '../kubernetes/cluster.ts'
import { redactPaths } from '../start/output.ts'
import { type Fact, learn, unknown } from './fact.ts'
import { type TrialQuestion, trialVariable } from './trial-question.ts'

/** The result of a server-side dry run of a pod. */
export type Trial =
  /** The pod came back with its secret, or was denied because the secret does not exist: the webhook was called and works. */
  | { readonly kind: 'right'; readonly expected: TrialQuestion['expects'] }
  /** The pod was admitted without its secret. */
  | { readonly kind: 'bare' }
  /** The webhook or its guard refused the pod, or could not be called. */
  | { readonly kind: 'refused'; readonly why: string }

/** The name in every message about a webhook or a policy of `register`. */
const ownName = 'flyte-pod-webhook'
const denial = /admission webhook "flyte-pod-webhook\.flyte\.org" denied the request: /

/** Has the API server create a pod in a dry run. If anything else refuses the pod, the result is unknown. */
export const tryPod = async (cluster: Cluster, question: TrialQuestion | undefined): Promise<Fact<Trial>> =>
  question === undefined
    ? unknown(
        'with function.onFailure: admit and no manager that works without a store, a trial pod proves nothing',
      )
    : learn(outcomeOf(cluster, question))

const outcomeOf = async (cluster: Cluster, { pod, expects }: TrialQuestion): Promise<Trial> => {
  try {
    const created = await cluster.create<V1Pod>(pod, { dryRun: true })
    return isGiven(created) ? { kind: 'right', expected: 'secret' } : { kind: 'bare' }
  } catch (error) {
    if (error instanceof ApiFailure && error.message.includes(ownName)) return refusalOf(error, expects)
    throw error
  }
}

const isGiven = ({ spec }: V1Pod): boolean =>
  spec?.containers.some(({ env = [] }) => env.some(({ name }) => name === trialVariable)) ?? false

/** An API server that cannot call a webhook prints its URL, with the token. */
const refusalOf = ({ message }: ApiFailure, expects: TrialQuestion['expects']): Trial =>
  expects === 'denial' && denial.test(message)
    ? { kind: 'right', expected: 'denial' }
    : { kind: 'refused', why: redactPaths(message.replace(/^could not create [^:]*: /, '')) }
