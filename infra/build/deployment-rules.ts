import { builtIn } from '../../lib/managers/built-in.ts'
import type { Config } from '../../lib/config/config.ts'
import { tokenDigestsVariable, withTokenDigests } from '../../lib/caller/token-digests.ts'
import { WebhookError } from '../../lib/errors.ts'
import { needsSecretsManager } from '../../lib/secret-managers.ts'
import { ConfigError } from '../config/config-error.ts'
import type { Exposure } from '../resources/parameters.ts'

/**
 * Refuses a configuration that must not be deployed (specification §7). A function that lets everybody in is only for
 * `npm start` on a developer's machine.
 */
export const assertNotLocal = ({ function: { callers } }: Config): void => {
  if (callers.anonymous !== 'local') return
  throw new ConfigError(
    'function.callers.anonymous: local is for npm start only: add token digests to function.callers.clusters, or set network-restricted if the network keeps strangers out',
  )
}

/**
 * Refuses a function that nobody can call, or that would not start. `digests` is the stack's parameter
 * `callerTokenSha256`.
 */
export const assertCallable = ({ function: { callers } }: Config, digests: string): void => {
  const all = tokenDigests(callers.tokenSha256, digests)
  const hasDigest = Object.values(all).some((slots) => slots.length > 0)
  if (hasDigest || callers.anonymous !== undefined) return
  throw new ConfigError(
    'function.callers: nobody can call this function: add the SHA-256 of a token to function.callers.clusters.<cluster>.tokenSha256, or package with --param callerTokenSha256=<cluster>=<SHA-256>',
  )
}

const tokenDigests = (...[configured, digests]: Parameters<typeof withTokenDigests>) => {
  try {
    return withTokenDigests(configured, digests)
  } catch (cause) {
    const why = cause instanceof WebhookError ? cause.message.replace(`${tokenDigestsVariable}: `, '') : ''
    throw new ConfigError(`parameter callerTokenSha256: ${why}`, { cause })
  }
}

/** Refuses a function that relies on the network to keep strangers out, if the endpoint is open to the Internet. */
export const assertRestricted = ({ function: { callers } }: Config, exposure: Exposure): void => {
  if (callers.anonymous !== 'network-restricted' || isRestricted(exposure)) return
  throw new ConfigError(
    'function.callers.anonymous: network-restricted accepts any token, but the endpoint is open to the Internet: package with allowedCidrs, or with exposure=private and vpcEndpointIds',
  )
}

/**
 * Refuses a function that gives out secrets of AWS Secrets Manager behind an endpoint that is open to the Internet: whoever
 * holds the token chooses the namespace, user and labels of a request (specification §7).
 */
export const assertConfidential = (config: Config, exposure: Exposure): void => {
  if (!needsSecretsManager(config, builtIn) || config.function.callers.publicEndpoint === 'accepted') return
  if (isRestricted(exposure)) return
  throw new ConfigError(
    'function.callers.publicEndpoint: the endpoint is open to the Internet, and this configuration gives out secrets of AWS Secrets Manager to whoever holds the token: package with allowedCidrs, or with exposure=private and vpcEndpointIds; or set accepted if you accept this',
  )
}

/** Whether the endpoint's policy lists who can reach it (`aws:SourceIp`, `aws:SourceVpce`). */
const isRestricted = (exposure: Exposure): boolean =>
  exposure.kind === 'private' || exposure.allowedCidrs !== undefined

/** Describes who can reach an endpoint, for the operator to read before the deployment. */
export const reachOf = (exposure: Exposure): string => {
  if (exposure.kind === 'private') return `Only ${exposure.vpcEndpointIds.join(', ')} can reach the endpoint.`
  return exposure.allowedCidrs === undefined
    ? 'Everybody can reach the endpoint: only the token keeps strangers out.'
    : `Only ${exposure.allowedCidrs.join(', ')} can reach the endpoint.`
}
