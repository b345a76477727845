import { clusterName } from '../cluster-name.ts'
import { WebhookError } from '../errors.ts'

/** The variable by which the stack passes digests that are not in the configuration. */
export const tokenDigestsVariable = 'CALLER_TOKEN_SHA256'

const entry = /^(?<cluster>[^=]+)=(?<digest>[0-9a-f]{64})$/i
const maxSlots = 2

/**
 * Adds the digests of the stack's parameter to those of the configuration: `<cluster>=<64 hex digits>`, separated by
 * commas, at most two for a cluster in total (specification §7). Fails for any other text; the function then
 * does not start.
 */
export const withTokenDigests = (
  configured: Readonly<Record<string, readonly string[]>>,
  text: string,
): Readonly<Record<string, readonly string[]>> => {
  const all = new Map(Object.entries(configured))
  for (const [index, part] of text
    .split(',')
    .map((piece) => piece.trim())
    .entries()) {
    if (part === '') continue
    const { cluster = '', digest } = entry.exec(part)?.groups ?? {}
    if (!clusterName.test(cluster) || digest === undefined) {
      throw new WebhookError(
        'internal',
        `${tokenDigestsVariable}: entry ${index + 1} is not <cluster>=<SHA-256 in hex>`,
      )
    }
    const slots = [...new Set([...(all.get(cluster) ?? []), digest.toLowerCase()])]
    if (slots.length > maxSlots) {
      throw new WebhookError(
        'internal',
        `${tokenDigestsVariable}: the cluster ${cluster} has more than two digests`,
      )
    }
    all.set(cluster, slots)
  }
  return Object.fromEntries(all)
}
