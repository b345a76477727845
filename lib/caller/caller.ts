import { clusterNamePattern } from '../cluster-name.ts'
import { isSameDigest, sha256 } from '../digest.ts'

/** The caller and what it asks for. */
export interface Caller {
  /** Set only if a token proves it: anybody can give a name without proof. */
  readonly cluster: string | undefined
  /** `mutate--v1-pod` or `healthz`. */
  readonly resource: string
}

/** Identifies a caller by its path. Returns undefined for every invalid path. */
export type IdentifyCaller = (path: string) => Caller | undefined

export interface CallerOptions {
  /** SHA-256 of each cluster's tokens, in hex: one, or two during a rotation. */
  readonly tokenSha256: Readonly<Record<string, readonly string[]>>
  /** Accepts any token. An unknown token gives a cluster without a name. */
  readonly anonymous: boolean
}

/** `/<cluster>/<token>/<resource>`, with or without a stage in front (specification §7). */
const callerPath = new RegExp(
  `^(?:/[^/]+)?/(?<cluster>${clusterNamePattern})/(?<token>[A-Za-z0-9_-]+)/(?<resource>mutate--v1-pod|healthz)$`,
)

/** No token has this digest: its source text cannot occur in a path. */
const noDigest = sha256('')

/**
 * The duration of a check in milliseconds: several times what it needs, and short compared with the rest of a call. Without it
 * a caller who asks often enough could measure the length of a token or the existence of a cluster.
 */
const checkMs = 0.005
/** The clock advances in steps of some nanoseconds; this hides the step in which a check ends. */
const jitterMs = 0.001

/**
 * Checks callers by the token in their path. Only digests of tokens are known (specification §7). Every path costs the
 * same: one digest and two comparisons, whether path, cluster and token exist or not. The check then waits until
 * `checkMs` have passed on a monotonic clock in milliseconds.
 */
export const createCallerCheck = (
  { tokenSha256, anonymous }: CallerOptions,
  clock: () => number = () => performance.now(),
): IdentifyCaller => {
  const slots = new Map(
    Object.entries(tokenSha256).map(([cluster, [first, second]]) => [
      cluster,
      [bytesOf(first), bytesOf(second)] as const,
    ]),
  )
  const none = [noDigest, noDigest] as const
  return (path) => {
    const end = clock() + checkMs + Math.random() * jitterMs
    const { cluster = '', token = '', resource = '' } = callerPath.exec(path)?.groups ?? {}
    const digest = sha256(token)
    const [first, second] = slots.get(cluster) ?? none
    // Always compare both.
    const isKnown = [isSameDigest(digest, first), isSameDigest(digest, second)].includes(true)
    const caller: Caller = { cluster: isKnown ? cluster : undefined, resource }
    const answer = (isKnown || anonymous) && resource !== '' ? caller : undefined
    while (clock() < end);
    return answer
  }
}

const bytesOf = (hex: string | undefined): Uint8Array =>
  hex === undefined ? noDigest : Buffer.from(hex, 'hex')
