import { tokenDigestsVariable, withTokenDigests } from '../../lib/caller/token-digests.ts'
import { clusterName, clusterNameRule } from '../../lib/cluster-name.ts'
import { CommandFailure, wrongUsage } from '../failure.ts'

/** Maps a cluster to the digests of its tokens, at most two, the older one first. */
type Digests = Readonly<Record<string, readonly string[]>>

/** The two places that hold digests. They share the two slots of each cluster. */
export interface Homes {
  /** `function.callers.clusters` of the configuration. */
  readonly configured: Digests
  /** The stack's parameter `callerTokenSha256`: `<cluster>=<SHA-256>` pairs, separated by commas. */
  readonly parameter: string
}

/** A token that a cluster can call with. */
export interface Slot {
  readonly cluster: string
  readonly slot: number
  readonly sha256: string
  readonly home: 'configuration' | 'parameter'
}

/** Returns all used slots, with a cluster's older one first. An invalid parameter is wrong usage. */
export const takenSlots = ({ configured, parameter }: Homes): readonly Slot[] =>
  Object.entries(digestsOf(configured, parameter)).flatMap(([cluster, digests]) =>
    digests.map((sha256, index) => ({
      cluster,
      slot: index + 1,
      sha256,
      home: digestsFor(configured, cluster).includes(sha256) ? 'configuration' : 'parameter',
    })),
  )

const slotsOf = (homes: Homes, cluster: string): readonly Slot[] =>
  takenSlots(homes).filter((slot) => slot.cluster === cluster)

/** Returns the parameter with the digest of a cluster's first token. */
export const withFirst = (homes: Homes, cluster: string, sha256: string): string => {
  if (slotsOf(homes, cluster).length > 0)
    throw new CommandFailure(
      `the cluster ${cluster} already has a token: create the next one with tokens rotate`,
    )
  return withDigest(homes, cluster, sha256)
}

/** Returns the parameter with the digest of a cluster's second token, next to its first. */
export const withSecond = (homes: Homes, cluster: string, sha256: string): string => {
  const { length } = slotsOf(homes, cluster)
  if (length === 0)
    throw new CommandFailure(
      `the cluster ${cluster} has no token yet: create the first one with tokens create`,
    )
  if (length > 1)
    throw new CommandFailure(
      `the cluster ${cluster} already has two tokens: remove the older one with tokens retire, once nobody calls with it`,
    )
  return withDigest(homes, cluster, sha256)
}

/**
 * Returns the parameter without one digest of a cluster: the older of two, or the one that begins with the 8 or more hex digits
 * of `prefix`. A cluster's only token is removed only by its prefix, because that locks the cluster out.
 */
export const withoutOne = (homes: Homes, cluster: string, prefix: string | undefined): string => {
  const { sha256, home } = chosenSlot(slotsOf(homes, cluster), cluster, prefix)
  if (home === 'configuration')
    throw new CommandFailure(
      `the digest ${sha256.slice(0, 12)}… is in the configuration: delete it there, at function.callers.clusters.${cluster}.tokenSha256`,
    )
  const digests = digestsOf({}, homes.parameter)
  return parameterOf({
    ...digests,
    [cluster]: digestsFor(digests, cluster).filter((digest) => digest !== sha256),
  })
}

/** A shorter prefix could match a digest by chance, and an empty one matches any. */
const digestPrefix = /^[0-9a-f]{8,64}$/i

const chosenSlot = (slots: readonly Slot[], cluster: string, prefix: string | undefined): Slot => {
  if (prefix !== undefined && !digestPrefix.test(prefix))
    throw wrongUsage(
      `${JSON.stringify(prefix)} is not a digest: give at least its first 8 hex digits, which tokens list shows`,
    )
  const [older, newer] = slots
  if (older === undefined)
    throw new CommandFailure(`the cluster ${cluster} has no token: tokens list shows which clusters have one`)
  if (prefix !== undefined) {
    const [one, another] = slots.filter(({ sha256 }) => sha256.startsWith(prefix.toLowerCase()))
    if (one === undefined || another !== undefined)
      throw new CommandFailure(
        `${one === undefined ? 'no digest' : 'more than one digest'} of the cluster ${cluster} begins with ${prefix}: tokens list shows them`,
      )
    return one
  }
  if (newer === undefined)
    throw new CommandFailure(
      `the cluster ${cluster} has only one token: rotate it first, or name it with --digest to lock the cluster out`,
    )
  return older
}

const withDigest = ({ parameter }: Homes, cluster: string, sha256: string): string => {
  if (!clusterName.test(cluster))
    throw wrongUsage(
      `${JSON.stringify(cluster)} is not a valid name of a cluster in a URL: use ${clusterNameRule}`,
    )
  const digests = digestsOf({}, parameter)
  return parameterOf({ ...digests, [cluster]: [...digestsFor(digests, cluster), sha256] })
}

const digestsFor = (digests: Digests, cluster: string): readonly string[] =>
  Object.hasOwn(digests, cluster) ? (digests[cluster] ?? []) : []

const parameterOf = (digests: Digests): string =>
  Object.entries(digests)
    .flatMap(([cluster, each]) => each.map((sha256) => `${cluster}=${sha256}`))
    .join(',')

const digestsOf = (configured: Digests, parameter: string): Digests => {
  try {
    return withTokenDigests(configured, parameter)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw wrongUsage(why.replace(tokenDigestsVariable, '--digests'), { cause })
  }
}
