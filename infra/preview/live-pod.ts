import { CommandFailure, exitStatus } from '../failure.ts'
import { type ClusterOptions, connect } from '../kubernetes/cluster.ts'
import type { PodDocument } from './pod-document.ts'

/** Reads a pod of a cluster, named `namespace/name`. */
export const readLivePod = async (pod: string, options: ClusterOptions): Promise<PodDocument> => {
  const [namespace, name, more] = pod.split('/')
  if (!namespace || !name || more !== undefined)
    throw new CommandFailure(`--pod ${pod}: write namespace/name`, { status: exitStatus.usage })
  const ref = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name } }
  const found = await connect(options).read(ref)
  if (found === undefined)
    throw new CommandFailure(`there is no pod ${name} in the namespace ${namespace} of this cluster`)
  return { kind: 'Pod', object: { ...found } }
}
