import type { V1Container, V1Deployment, V1Volume } from '@kubernetes/client-node'
import { describe, expect, it } from 'vitest'
import { findFlyteDeployments } from '../../infra/doctor/flyte-deployments.ts'
import type { Cluster } from '../../infra/kubernetes/cluster.ts'

/** A cluster with one Deployment and these ConfigMaps, name → text of their only file. */
const clusterOf = (
  deployment: V1Deployment,
  configMaps: Readonly<Record<string, string>>,
): Pick<Cluster, 'list'> => {
  const objects: Readonly<Record<string, readonly unknown[]>> = {
    Deployment: [deployment],
    ConfigMap: Object.entries(configMaps).map(([name, text]) => ({
      metadata: { name },
      data: { [`${name}.yaml`]: text },
    })),
  }
  return { list: async <T>(_: string, kind: string) => (objects[kind] ?? []) as readonly T[] }
}

const deploymentOf = (
  container: Partial<V1Container>,
  { replicas, volumes = [] }: { replicas?: number | undefined; volumes?: V1Volume[] | undefined },
): V1Deployment => ({
  metadata: { name: 'it', namespace: 'flyte' },
  spec: {
    ...(replicas === undefined ? {} : { replicas }),
    selector: {},
    template: { spec: { containers: [{ name: 'main', ...container }], volumes } },
  },
})

const runsOf = async (
  container: Partial<V1Container>,
  configMaps: Readonly<Record<string, string>> = {},
  options: { replicas?: number | undefined; volumes?: V1Volume[] | undefined } = {},
) => {
  const found = await findFlyteDeployments(clusterOf(deploymentOf(container, options), configMaps))
  return found.map((one) => one.runs)
}

const propeller = 'cr.flyte.org/flyteorg/flytepropeller:v1.16.8'
const configured = ['--config', '/etc/flyte/config/*.yaml']
const webhook = { image: propeller, command: ['flytepropeller'], args: ['webhook', ...configured] }
const binary = { image: 'cr.flyte.org/flyteorg/flyte-binary:v1.16.8', args: ['start'] }
const flyte2 = { image: 'cr.flyte.org/flyteorg/flyte-binary-v2:v2.0.45', args: [...configured] }

describe('a Deployment that runs Flyte’s own webhook', () => {
  it.each<{ what: string; container: Partial<V1Container>; runs: string[] }>([
    { what: 'is found by its command line', container: webhook, runs: ['webhook'] },
    {
      what: 'is found in an image with another name',
      container: { image: 'registry.example/own', command: ['flytepropeller', 'webhook'] },
      runs: ['webhook'],
    },
    {
      what: 'is found if a shell starts it',
      container: {
        image: 'own',
        command: ['sh', '-c'],
        args: ['/bin/flytepropeller webhook --config a.yaml'],
      },
      runs: ['webhook'],
    },
    {
      what: 'is found by its configuration if the image starts the program',
      container: { image: 'own', args: ['webhook', '--config=/etc/flyte/config/*.yaml'] },
      runs: ['webhook'],
    },
    {
      what: 'is not the program that creates its certificates',
      container: { image: propeller, command: ['flytepropeller', 'webhook', 'init-certs'] },
      runs: [],
    },
    {
      what: 'is not flytepropeller itself',
      container: { image: propeller, command: ['flytepropeller'], args: configured },
      runs: [],
    },
    { what: 'is not another project’s webhook', container: { image: 'other', args: ['webhook'] }, runs: [] },
    { what: 'can be all of Flyte', container: binary, runs: ['binary'] },
    ...[
      'cr.flyte.org/flyteorg/flyte-binary-release:v1.16.8',
      'registry.example:5000/flyte-binary-release',
      'flyte-binary:own',
      'registry.example/mirror_flyte-binary@sha256:0123',
      'cr.flyte.org/flyteorg/flyte-sandbox-bundled:sha-1',
    ].map((image) => ({ what: `can be all of Flyte: ${image}`, container: { image }, runs: ['binary'] })),
    {
      what: 'can be all of Flyte in an image with another name',
      container: { image: 'own', command: ['/usr/local/bin/flyte'], args: ['start', '--config', 'a.yaml'] },
      runs: ['binary'],
    },
    {
      what: 'can be all of Flyte, by its configuration',
      container: { image: 'own', args: ['start', '--config', '/etc/flyte/config.d/*.yaml'] },
      runs: ['binary'],
    },
    { what: 'is not a program of others', container: { image: 'own', args: ['start'] }, runs: [] },
    {
      what: 'is not another part of Flyte',
      container: {
        image: 'cr.flyte.org/flyteorg/flyteadmin:v1',
        command: ['flyteadmin', ...configured, 'serve'],
      },
      runs: [],
    },
    {
      what: 'is not a folder with that name',
      container: { image: 'registry.example/flyte-binary/other:v1' },
      runs: [],
    },
    { what: 'can be Flyte 2', container: flyte2, runs: ['flyte2'] },
    {
      what: 'can be Flyte 2, by its tag',
      container: { image: 'own/flyte-binary:v2.0.45' },
      runs: ['flyte2'],
    },
    {
      what: 'can be the executor of Flyte 2',
      container: { ...flyte2, args: ['--component', 'executor', ...configured] },
      runs: ['flyte2'],
    },
    {
      what: 'is not another component of Flyte 2',
      container: { ...flyte2, args: ['--component=runs', ...configured] },
      runs: [],
    },
  ])('$what', async ({ container, runs }) => {
    expect(await runsOf(container)).toEqual(runs)
  })

  it('is ignored if it is scaled to zero', async () => {
    expect(await runsOf(webhook, {}, { replicas: 0 })).toEqual([])
  })

  const unregistered = 'webhook:\n  disableCreateMutatingWebhookConfig: true\n'
  const registered = 'webhook:\n  disableCreateMutatingWebhookConfig: false\n'
  const unstarted = 'flyte:\n  propeller:\n    disableWebhook: true\n'

  it.each<{
    what: string
    container: Partial<V1Container>
    configMaps: Record<string, string>
    volumes?: V1Volume[]
    runs: string[]
  }>([
    { what: 'registers itself', container: webhook, configMaps: { a: 'webhook: {}' }, runs: ['webhook'] },
    { what: 'does not register itself', container: webhook, configMaps: { a: unregistered }, runs: [] },
    {
      what: 'does not register itself in one process',
      container: binary,
      configMaps: { a: unregistered },
      runs: [],
    },
    {
      what: 'does not register itself, in JSON and another case',
      container: binary,
      configMaps: { a: '{"webhook": {"disablecreatemutatingwebhookconfig": "True"}}' },
      runs: [],
    },
    {
      what: 'does not register itself, by a merge key and a number, as Flyte reads them',
      container: webhook,
      configMaps: { a: 'x: &x\n  disableCreateMutatingWebhookConfig: 1\nwebhook:\n  <<: *x\n' },
      runs: [],
    },
    { what: 'is not started in one process', container: binary, configMaps: { a: unstarted }, runs: [] },
    {
      what: 'is started by its own command, whatever the single process would do',
      container: webhook,
      configMaps: { a: unstarted },
      runs: ['webhook'],
    },
    {
      what: 'registers itself if the key is a comment',
      container: binary,
      configMaps: { a: 'webhook:\n  # disableCreateMutatingWebhookConfig: true\n' },
      runs: ['binary'],
    },
    {
      what: 'registers itself if the key belongs to another section',
      container: binary,
      configMaps: { a: 'other:\n  disableCreateMutatingWebhookConfig: true\n' },
      runs: ['binary'],
    },
    {
      what: 'registers itself if a later file says so',
      container: webhook,
      configMaps: { b: registered, a: unregistered },
      runs: ['webhook'],
    },
    {
      what: 'registers itself in Flyte 2, which does not know the key',
      container: flyte2,
      configMaps: { a: unregistered },
      runs: ['flyte2'],
    },
    {
      what: 'registers itself if only a ConfigMap that it does not mount says otherwise',
      container: webhook,
      configMaps: { own: 'webhook: {}', other: unregistered },
      volumes: [{ name: 'config', configMap: { name: 'own' } }],
      runs: ['webhook'],
    },
    {
      what: 'does not register itself if the ConfigMap that it mounts says so',
      container: webhook,
      configMaps: { own: unregistered, other: registered },
      volumes: [{ name: 'config', configMap: { name: 'own' } }],
      runs: [],
    },
    {
      what: 'does not register itself if one of the ConfigMaps in a projected mount says so',
      container: binary,
      configMaps: { own: unregistered },
      volumes: [
        {
          name: 'config',
          projected: { sources: [{ secret: { name: 's' } }, { configMap: { name: 'own' } }] },
        },
      ],
      runs: [],
    },
    {
      what: 'registers itself, whatever an invalid file says',
      container: binary,
      configMaps: { a: `x: *nowhere\n${unregistered}` },
      runs: ['binary'],
    },
  ])('$what', async ({ container, configMaps, volumes, runs }) => {
    expect(await runsOf(container, configMaps, { volumes })).toEqual(runs)
  })
})
