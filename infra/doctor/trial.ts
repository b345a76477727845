import type { V1Pod } from '@kubernetes/client-node'
import { ApiFailure, type Cluster } from '../kubernetes/cluster.ts'
import { redactPaths } from '../start/output.ts'
import { type Fact, learn, unknown } from './fact.ts'
import { type TrialQuestion, trialVariable } from './trial-question.ts'

/** What became of a pod that was created in a server-side dry run. */
export type Trial =
  /** It came back with its secret, or was denied because nobody has it: the webhook was called and did what it should. */
  | { readonly kind: 'right'; readonly expected: TrialQuestion['expects'] }
  /** It was taken without its secret. */
  | { readonly kind: 'bare' }
  /** The webhook, its guard, or the call of them refused it. */
  | { readonly kind: 'refused'; readonly why: string }

/** In every message about a webhook or a policy that `register` has made. */
const ownName = 'flyte-pod-webhook'
const denial = /admission webhook "flyte-pod-webhook\.flyte\.org" denied the request: /

/** Has the API server create a pod in a dry run; what refuses it and is not ours leaves the question open. */
export const tryPod = async (cluster: Cluster, question: TrialQuestion | undefined): Promise<Fact<Trial>> =>
  question === undefined
    ? unknown(
        'with function.onFailure: admit and no manager that serves without a store, a pod tells nothing',
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
