import { builtIn } from '../../lib/managers/built-in.ts'
import type { Config } from '../../lib/config/config.ts'
import { tokenDigestsVariable, withTokenDigests } from '../../lib/caller/token-digests.ts'
import { WebhookError } from '../../lib/errors.ts'
import { needsSecretsManager } from '../../lib/secret-managers.ts'
import { ConfigError } from '../config/config-error.ts'
import type { Exposure } from '../resources/parameters.ts'

/**
 * Refuses to build what must not be deployed (specification §7): a function that lets everybody in is for the machine of
 * its developer, which `npm start` serves.
 */
export const assertNotLocal = ({ function: { callers } }: Config): void => {
  if (callers.anonymous !== 'local') return
  throw new ConfigError(
    'function.callers.anonymous: local is for npm start only: name digests in function.callers.clusters, or say network-restricted where the network keeps strangers out',
  )
}

/**
 * Refuses to package a function that nobody could call, or that would not start: `digests` is the stack's parameter
 * `callerTokenSha256`.
 */
export const assertCallable = ({ function: { callers } }: Config, digests: string): void => {
  const all = tokenDigests(callers.tokenSha256, digests)
  const hasDigest = Object.values(all).some((slots) => slots.length > 0)
  if (hasDigest || callers.anonymous !== undefined) return
  throw new ConfigError(
    'function.callers: nobody could call this function: name the SHA-256 of a token in function.callers.clusters.<cluster>.tokenSha256, or package with --param callerTokenSha256=<cluster>=<SHA-256>',
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

/** Refuses a function that lets everybody in because the network would keep strangers out, where none does. */
export const assertRestricted = ({ function: { callers } }: Config, exposure: Exposure): void => {
  if (callers.anonymous !== 'network-restricted' || isRestricted(exposure)) return
  throw new ConfigError(
    'function.callers.anonymous: network-restricted accepts any token, but the endpoint is open to the Internet: package with allowedCidrs, or with exposure=private and vpcEndpointIds',
  )
}

/**
 * Refuses to package a function that gives out secrets which it reads from AWS Secrets Manager, behind an endpoint that is
 * open to the Internet: whoever holds the token chooses namespace, user and labels of a request (specification §7).
 */
export const assertConfidential = (config: Config, exposure: Exposure): void => {
  if (!needsSecretsManager(config, builtIn) || config.function.callers.publicEndpoint === 'accepted') return
  if (isRestricted(exposure)) return
  throw new ConfigError(
    'function.callers.publicEndpoint: the endpoint is open to the Internet, and this configuration gives out secrets of AWS Secrets Manager to whoever holds the token: package with allowedCidrs, or with exposure=private and vpcEndpointIds; or say accepted if that is accepted',
  )
}

/** Whether the endpoint's own policy names who may reach it (`aws:SourceIp`, `aws:SourceVpce`). */
const isRestricted = (exposure: Exposure): boolean =>
  exposure.kind === 'private' || exposure.allowedCidrs !== undefined

/** Who can reach an endpoint, for the operator to read before it is deployed. */
export const reachOf = (exposure: Exposure): string => {
  if (exposure.kind === 'private') return `Only ${exposure.vpcEndpointIds.join(', ')} can reach the endpoint.`
  return exposure.allowedCidrs === undefined
    ? 'Everybody can reach the endpoint: the token alone keeps strangers out.'
    : `Only ${exposure.allowedCidrs.join(', ')} can reach the endpoint.`
}
