import { CommandFailure } from '../failure.ts'
import { type ClusterOptions, connect } from '../kubernetes/cluster.ts'
import type { NamespacedName } from '../kubernetes/namespaced-name.ts'
import type { PodDocument } from './pod-document.ts'

/** Reads a pod from a cluster. */
export const readLivePod = async (
  { namespace, name }: NamespacedName,
  options: ClusterOptions,
): Promise<PodDocument> => {
  const ref = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name } }
  const found = await connect(options).read(ref)
  if (found === undefined)
    throw new CommandFailure(`the pod ${name} does not exist in the namespace ${namespace} of this cluster`)
  return { kind: 'Pod', object: { ...found } }
}
