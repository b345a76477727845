import type { Config } from '../../lib/config/config.ts'
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
