import { wrongUsage } from '../failure.ts'
import { type ClusterOptions, connect, nameOf } from '../kubernetes/cluster.ts'
import type { NamespacedName } from '../kubernetes/namespaced-name.ts'
import type { FlyteFile } from './shapes.ts'

/** Reads a ConfigMap from a cluster. A missing one is wrong usage. */
export const readConfigMap = async (
  { namespace, name }: NamespacedName,
  options: ClusterOptions,
): Promise<FlyteFile> => {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name } }
  const found = await connect(options).read(ref)
  if (found === undefined) throw wrongUsage(`${nameOf(ref)} does not exist in this cluster`)
  return { name: nameOf(ref), text: JSON.stringify({ ...found, ...ref }) }
}
