import type { V1Container, V1Deployment } from '@kubernetes/client-node'
import { describe, expect, it } from 'vitest'
import { findFlyteDeployments } from '../../infra/doctor/flyte-deployments.ts'
import type { Cluster } from '../../infra/kubernetes/cluster.ts'

/** A cluster of one Deployment and, in its namespace, one ConfigMap. */
const clusterOf = (deployment: V1Deployment, config: string): Pick<Cluster, 'list'> => {
  const objects: Readonly<Record<string, unknown>> = {
    Deployment: deployment,
    ConfigMap: { data: { '000-core.yaml': config } },
  }
  return { list: async <T>(_: string, kind: string) => [objects[kind] as T] }
}

const deploymentOf = (container: Partial<V1Container>, replicas?: number): V1Deployment => ({
  metadata: { name: 'it', namespace: 'flyte' },
  spec: {
    ...(replicas === undefined ? {} : { replicas }),
    selector: {},
    template: { spec: { containers: [{ name: 'main', ...container }] } },
  },
})

const propeller = 'cr.flyte.org/flyteorg/flytepropeller:v1.16.8'
const webhook = {
  image: propeller,
  command: ['flytepropeller'],
  args: ['webhook', '--config', '/etc/*.yaml'],
}
const binary = { image: 'cr.flyte.org/flyteorg/flyte-binary:v1.16.8', args: ['start'] }

describe('a Deployment that runs Flyte’s own webhook', () => {
  it.each<{
    what: string
    container: Partial<V1Container>
    replicas?: number
    config?: string
    runs: string[]
  }>([
    { what: 'is found by its words', container: webhook, runs: ['webhook'] },
    {
      what: 'is found in an image of another name',
      container: { image: 'registry.example/own', command: ['flytepropeller', 'webhook'] },
      runs: ['webhook'],
    },
    { what: 'is no matter when it is scaled to nothing', container: webhook, replicas: 0, runs: [] },
    {
      what: 'is not flytepropeller itself',
      container: { image: propeller, command: ['flytepropeller'] },
      runs: [],
    },
    { what: 'is not a webhook of others', container: { image: 'other', args: ['webhook'] }, runs: [] },
    { what: 'may be all of Flyte', container: binary, runs: ['binary'] },
    {
      what: 'may be all of Flyte, which says so',
      container: binary,
      config: 'propeller:\n  disableWebhook: false\n',
      runs: ['binary'],
    },
    {
      what: 'is not all of Flyte without it',
      container: binary,
      config: 'propeller:\n  disableWebhook: true\n',
      runs: [],
    },
    {
      what: 'is not all of Flyte that registers nothing',
      container: binary,
      config: 'webhook:\n  disableCreateMutatingWebhookConfig: true\n',
      runs: [],
    },
  ])('$what', async ({ container, replicas, config = '', runs }) => {
    const found = await findFlyteDeployments(clusterOf(deploymentOf(container, replicas), config))
    expect(found.map((one) => one.runs)).toEqual(runs)
  })
})
