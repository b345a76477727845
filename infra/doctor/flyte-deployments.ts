import type { V1ConfigMap, V1Container, V1Deployment } from '@kubernetes/client-node'
import type { Cluster } from '../kubernetes/cluster.ts'

/** A Deployment that runs Flyte's own webhook, or may run it. */
export interface FlyteDeployment {
  readonly name: string
  readonly namespace: string
  /** `webhook`: flytepropeller's subcommand; `binary`: all of Flyte in one process, of which the webhook is a part. */
  readonly runs: 'webhook' | 'binary'
}

/** The Deployments that are running Flyte's own webhook, as far as a cluster shows it. */
export const findFlyteDeployments = async (
  cluster: Pick<Cluster, 'list'>,
): Promise<readonly FlyteDeployment[]> => {
  const deployments = await cluster.list<V1Deployment>('apps/v1', 'Deployment')
  const found = deployments.flatMap((deployment) => flyteDeploymentOf(deployment) ?? [])
  const switchedOff = new Set<string>()
  for (const namespace of new Set(
    found.filter(({ runs }) => runs === 'binary').map((one) => one.namespace),
  )) {
    const configMaps = await cluster.list<V1ConfigMap>('v1', 'ConfigMap', namespace)
    if (configMaps.some(switchesOff)) switchedOff.add(namespace)
  }
  return found.filter(({ runs, namespace }) => runs === 'webhook' || !switchedOff.has(namespace))
}

const flyteDeploymentOf = ({ metadata, spec }: V1Deployment): FlyteDeployment | undefined => {
  if (spec === undefined || spec.replicas === 0) return undefined
  const containers = spec.template.spec?.containers ?? []
  const names = { name: metadata?.name ?? '', namespace: metadata?.namespace ?? '' }
  if (containers.some(isWebhook)) return { ...names, runs: 'webhook' }
  return containers.some(isBinary) ? { ...names, runs: 'binary' } : undefined
}

/** `flytepropeller webhook --config …`, as Flyte's charts write it. */
const isWebhook = ({ image = '', command = [], args = [] }: V1Container): boolean => {
  const words = [...command, ...args]
  return words.includes('webhook') && [image, ...words].some((word) => word.includes('flytepropeller'))
}

const isBinary = ({ image = '' }: V1Container): boolean => /\/flyte-binary\b|\/flyte-sandbox\b/.test(image)

/** Flyte's keys by which the webhook of the one process is not started, or does not write the registration. */
const switchesOff = ({ data = {} }: V1ConfigMap): boolean =>
  Object.values(data).some((text) =>
    /^\s*(disableWebhook|disableCreateMutatingWebhookConfig):\s*true\b/m.test(text),
  )
