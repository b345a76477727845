import type { Config } from '../../lib/config/config.ts'
import { needsSecretsManager } from '../../lib/secret-managers.ts'
import { ConfigError } from '../config/config-file.ts'

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

/** Refuses to package a function that nobody could call: `digests` is the stack's parameter. */
export const assertCallable = ({ function: { callers } }: Config, digests: string): void => {
  const hasDigest =
    Object.values(callers.tokenSha256).some((slots) => slots.length > 0) || digests.trim() !== ''
  if (hasDigest || callers.anonymous !== undefined) return
  throw new ConfigError(
    'function.callers: nobody could call this function: name the SHA-256 of a token in function.callers.clusters.<cluster>.tokenSha256, or package with --param callerTokenSha256=<cluster>=<SHA-256>',
  )
}

/**
 * Refuses to package a function that gives out secrets which it reads from AWS Secrets Manager, behind an endpoint that is
 * open to the Internet: whoever holds the token chooses namespace, user and labels of a request.
 */
export const assertConfidential = (config: Config): void => {
  if (!needsSecretsManager(config) || config.function.callers.publicEndpoint === 'accepted') return
  throw new ConfigError(
    'function.callers.publicEndpoint: the endpoint is open to the Internet, and this configuration gives out secrets of AWS Secrets Manager to whoever holds the token: say accepted if that is accepted',
  )
}
