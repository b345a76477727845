import { clusterNamePattern } from '../cluster-name.ts'
import { isSameDigest, sha256 } from '../digest.ts'

/** Who calls, and for what. */
export interface Caller {
  /** Only where a token proves it: a name that anybody can give is not passed on. */
  readonly cluster: string | undefined
  /** `mutate--v1-pod` or `healthz`. */
  readonly resource: string
}

/** Identifies a caller by the path it calls; undefined whatever is wrong with it. */
export type IdentifyCaller = (path: string) => Caller | undefined

export interface CallerOptions {
  /** SHA-256 of each cluster's tokens, in hex: one, or two while it is replaced. */
  readonly tokenSha256: Readonly<Record<string, readonly string[]>>
  /** Accepts any token; the cluster of a token that is not known has no name. */
  readonly anonymous: boolean
}

/** `/<cluster>/<token>/<resource>`, below a stage or not (specification §7). */
const callerPath = new RegExp(
  `^(?:/[^/]+)?/(?<cluster>${clusterNamePattern})/(?<token>[A-Za-z0-9_-]+)/(?<resource>mutate--v1-pod|healthz)$`,
)

/** No token has this digest: it is the digest of nothing that can stand in a path. */
const noDigest = sha256('')

/**
 * What a check takes, in milliseconds: several times what it needs, and little against the rest of a call. Without it
 * the length of a token, or whether its cluster exists, shows as some nanoseconds when it is asked often enough.
 */
const checkMs = 0.005
/** The clock is read in steps of some nanoseconds; this hides at which of them a check ends. */
const jitterMs = 0.001

/**
 * Checks callers by the token in their path, of which only digests are known (specification §7). Every path costs the
 * same: one digest and two comparisons, whether path, cluster and token exist or not, and then waits until
 * `checkMs` are over by a clock in milliseconds that never goes back.
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
    // Both are compared, always.
    const isKnown = [isSameDigest(digest, first), isSameDigest(digest, second)].includes(true)
    const caller: Caller = { cluster: isKnown ? cluster : undefined, resource }
    const answer = (isKnown || anonymous) && resource !== '' ? caller : undefined
    while (clock() < end);
    return answer
  }
}

const bytesOf = (hex: string | undefined): Uint8Array =>
  hex === undefined ? noDigest : Buffer.from(hex, 'hex')
