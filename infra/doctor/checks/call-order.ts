import type { AnyDefinition } from '../../../lib/managers/any-definition.ts'
import type { LoadedConfig } from '../../config/config-file.ts'
import { registrationRef } from '../../registration/registration.ts'
import type { ClusterFacts } from '../facts.ts'
import { type Check, ok, problem, type Verdict, warning, whenKnown } from '../finding.ts'
import { otherPodWebhooks, type PodWebhook } from '../pod-webhooks.ts'

/** Returns the webhooks that must see what this one adds, with the managers that need them. */
const followersOf = (definitions: readonly AnyDefinition[]) =>
  definitions.flatMap(({ name, follower }) =>
    follower === undefined ? [] : [{ manager: name, ...follower }],
  )

const ownName = registrationRef.metadata.name

/**
 * The API server calls configurations in the order of their names. An earlier one does not see what this webhook adds, unless it
 * is called again (`reinvocationPolicy: IfNeeded`).
 */
export const callOrderCheck: Check<ClusterFacts> = {
  name: 'call-order',
  look: ({ configurations, ...loaded }) =>
    whenKnown(configurations, (all) => {
      const earlier = otherPodWebhooks(all).filter(({ configuration }) => configuration < ownName)
      const faults = earlier.flatMap((one) => faultOf(one, loaded) ?? [])
      if (faults.length > 0) return faults
      const names = [...new Set(earlier.map(({ configuration }) => configuration))]
      return [
        ok(
          names.length === 0
            ? 'no other webhook changes pods before this one'
            : `called before this webhook, but independent of it: ${names.join(', ')}`,
        ),
      ]
    }),
}

const faultOf = (
  { configuration, webhook }: PodWebhook,
  { config, definitions }: LoadedConfig,
): Verdict | undefined => {
  const follower = followersOf(definitions).find(({ webhooks }) =>
    webhooks.test(`${configuration} ${webhook.name}`),
  )
  if (follower === undefined || webhook.reinvocationPolicy === 'IfNeeded') return undefined
  const level = config.webhook.secretManagerTypes.includes(follower.manager) ? problem : warning
  return level(
    `${webhook.name} is called before this webhook: ${follower.misses}`,
    `rename MutatingWebhookConfiguration ${configuration} so that it comes after ${ownName}, or set its reinvocationPolicy to IfNeeded`,
  )
}
