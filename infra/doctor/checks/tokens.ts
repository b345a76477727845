import { tokenSha256 } from '../../tokens/caller-token.ts'
import type { Slot } from '../../tokens/slots.ts'
import type { ClusterFacts } from '../facts.ts'
import { type Check, ok, problem, type Verdict, warning, whenKnown } from '../finding.ts'

/** Checks that the registered token has one of its cluster's two slots, and that no exchange of tokens was left half-finished. */
export const tokensCheck: Check<ClusterFacts> = {
  name: 'token',
  look: (facts) =>
    whenKnown(facts.registered, ({ url: { cluster, token } }) => {
      const { anonymous } = facts.config.function.callers
      if (anonymous !== undefined)
        return [ok(`every token is accepted (function.callers.anonymous: ${anonymous})`)]
      const slots = facts.slots.filter((slot) => slot.cluster === cluster)
      const digest = tokenSha256(token.reveal())
      const own = slots.find(({ sha256 }) => sha256 === digest)
      return [own === undefined ? unlisted(cluster, slots, facts) : listed(cluster, slots, own)]
    }),
}

const listed = (cluster: string, slots: readonly Slot[], own: Slot): Verdict => {
  if (slots.length < 2) return ok(`the cluster ${cluster} has one token, and it is registered`)
  return own === slots[0]
    ? warning(
        `the cluster ${cluster} has two tokens, and the older one is registered`,
        'flyte-webhook register with the newer one, then flyte-webhook tokens retire',
      )
    : warning(
        `the cluster ${cluster} has two tokens, and the newer one is registered: the older one still works`,
        `flyte-webhook tokens retire --cluster ${cluster}, then deploy`,
      )
}

/** A digest that is missing here can be in the stack's parameter, which the function knows: its answer decides. */
const unlisted = (cluster: string, slots: readonly Slot[], { answer, trial }: ClusterFacts): Verdict => {
  const where = slots.length === 0 ? 'no digest is known here' : 'no digest here matches the registered token'
  const given = answer.kind === 'known' ? answer.value : undefined
  const isAccepted = given?.kind === 'answers' || (trial.kind === 'known' && trial.value.kind === 'right')
  if (isAccepted)
    return ok(`the token of the cluster ${cluster} is accepted; ${where} (--digests adds the stack's)`)
  const isRefused = given?.kind === 'fails' && given.isReached
  return (isRefused ? problem : warning)(
    `the cluster ${cluster}: ${where}${isRefused ? ', and the function does not accept it' : ''}`,
    'pass the digests of the stack with --digests, or register a token whose digest is deployed',
  )
}
