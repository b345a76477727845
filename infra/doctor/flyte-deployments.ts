import type { V1ConfigMap, V1Deployment, V1PodSpec } from '@kubernetes/client-node'
import type { Cluster } from '../kubernetes/cluster.ts'
import { flyteProcessOf, type FlyteProcess } from './flyte-process.ts'
import { isSwitchedOff } from './flyte-switches.ts'

/** A Deployment that writes the registration of Flyte's own webhook when it starts, or could. */
export interface FlyteDeployment {
  readonly name: string
  readonly namespace: string
  readonly runs: FlyteProcess
}

/** Returns the Deployments that register Flyte's own webhook when they start, as far as the cluster shows it. */
export const findFlyteDeployments = async (
  cluster: Pick<Cluster, 'list'>,
): Promise<readonly FlyteDeployment[]> => {
  const found: FlyteDeployment[] = []
  for (const deployment of await cluster.list<V1Deployment>('apps/v1', 'Deployment')) {
    const one = flyteDeploymentOf(deployment)
    if (one === undefined) continue
    const configMaps = await cluster.list<V1ConfigMap>('v1', 'ConfigMap', one.namespace)
    const files = filesOf(configMaps, deployment.spec?.template.spec)
    if (!isSwitchedOff(one.runs, files)) found.push(one)
  }
  return found
}

const flyteDeploymentOf = ({ metadata, spec }: V1Deployment): FlyteDeployment | undefined => {
  if (spec === undefined || spec.replicas === 0) return undefined
  const [runs] = (spec.template.spec?.containers ?? []).flatMap((one) => flyteProcessOf(one) ?? [])
  return runs === undefined
    ? undefined
    : { name: metadata?.name ?? '', namespace: metadata?.namespace ?? '', runs }
}

/** Returns the files of the ConfigMaps that a pod mounts. If it mounts none, returns those of its namespace. */
const filesOf = (configMaps: readonly V1ConfigMap[], { volumes = [] }: Partial<V1PodSpec> = {}) => {
  const mounted = volumes
    .flatMap(({ configMap, projected }) => [
      configMap,
      ...(projected?.sources ?? []).map((source) => source.configMap),
    ])
    .flatMap((one) => one?.name ?? [])
  return configMaps
    .filter(({ metadata }) => mounted.length === 0 || mounted.includes(metadata?.name ?? ''))
    .flatMap(({ data = {} }) => Object.entries(data))
}
