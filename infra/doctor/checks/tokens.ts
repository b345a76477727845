import { tokenSha256 } from '../../tokens/caller-token.ts'
import type { Slot } from '../../tokens/slots.ts'
import type { ClusterFacts } from '../facts.ts'
import { type Check, ok, problem, type Verdict, warning, whenKnown } from '../finding.ts'

/** That the registered token has one of its cluster's two slots, and that no exchange of tokens was left half-way. */
export const tokensCheck: Check<ClusterFacts> = {
  name: 'token',
  look: ({ registered, slots: all, answer, config }) =>
    whenKnown(registered, ({ url: { cluster, token } }) => {
      if (config.function.callers.anonymous !== undefined)
        return [ok(`any is accepted (function.callers.anonymous: ${config.function.callers.anonymous})`)]
      const slots = all.filter((slot) => slot.cluster === cluster)
      const isAccepted = answer.kind === 'known' && answer.value.kind === 'answers'
      return [verdictOf(cluster, slots, { digest: tokenSha256(token.reveal()), isAccepted })]
    }),
}

const verdictOf = (
  cluster: string,
  slots: readonly Slot[],
  { digest, isAccepted }: { readonly digest: string; readonly isAccepted: boolean },
): Verdict => {
  const [first, second] = slots
  const own = slots.find(({ sha256 }) => sha256 === digest)
  if (own === undefined) return unlisted(cluster, slots, isAccepted)
  if (second === undefined) return ok(`the cluster ${cluster} has one, and it is registered`)
  return own === first
    ? warning(
        `the cluster ${cluster} has two, and the older one is registered`,
        'flyte-webhook register with the newer one, then flyte-webhook tokens retire',
      )
    : warning(
        `the cluster ${cluster} has two, and the newer one is registered: the older one still opens`,
        `flyte-webhook tokens retire --cluster ${cluster}, then deploy`,
      )
}

/** A digest that is not here may stand in the stack's parameter, which the function knows. */
const unlisted = (cluster: string, slots: readonly Slot[], isAccepted: boolean): Verdict => {
  const where = slots.length === 0 ? 'no digest is here for it' : 'no digest here is of the registered one'
  return isAccepted
    ? ok(`the function accepts that of the cluster ${cluster}; ${where} (--digests gives the stack's)`)
    : problem(
        `the cluster ${cluster}: ${where}`,
        'give the digests of the stack by --digests, or register a token whose digest is deployed',
      )
}
