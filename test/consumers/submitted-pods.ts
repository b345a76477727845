import { inWorld } from '../e2e/registration.ts'
import type { Json } from '../support/pods.ts'

/** The labels that name a pod's owner. */
export const flyteLabels = { organization: 'org', domain: 'development', project: 'flytesnacks' } as const

/** The mount that the API server's ServiceAccount plugin adds to every container; Vault's injector requires it. */
const account = { name: 'kube-api-access', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }
const accountVolume = { name: account.name, emptyDir: {} }

/** Submitted pods, by their contents. */
const shapes: Readonly<Record<string, Json>> = {
  'one container': {
    containers: [{ name: 'main', image: 'image', volumeMounts: [account] }],
    volumes: [accountVolume],
  },
  'init containers, a native sidecar, and mounts around the secrets': {
    initContainers: [
      { name: 'prepare', image: 'image', volumeMounts: [account] },
      { name: 'native-sidecar', image: 'image', restartPolicy: 'Always', volumeMounts: [account] },
    ],
    containers: [
      {
        name: 'main',
        image: 'image',
        env: [
          { name: 'HOME', value: '/root' },
          { name: 'X', valueFrom: { secretKeyRef: { name: 'of-the-user', key: 'token' } } },
          { name: 'Y', value: '$(X)' },
        ],
        volumeMounts: [
          account,
          { name: 'etc', mountPath: '/etc' },
          { name: 'of-the-user', mountPath: '/etc/own', readOnly: true },
          { name: 'etc', mountPath: '/etc/own/below' },
        ],
      },
      { name: 'second', image: 'image', env: [{ name: 'X', value: 'x' }], volumeMounts: [account] },
    ],
    volumes: [
      accountVolume,
      { name: 'etc', emptyDir: {} },
      { name: 'of-the-user', secret: { secretName: 'of-the-user' } },
    ],
  },
}
export const shapeNames = Object.keys(shapes)

/** Returns a pod of this shape for one deployment, with annotations that ask for secrets. */
export const submittedPod = (shape: string, world: string, annotations: readonly string[]): Json =>
  inWorld(
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        generateName: 'consumer-',
        labels: { 'inject-flyte-secrets': 'true', ...flyteLabels },
        annotations: Object.fromEntries(
          annotations.map((value, index) => [`flyte.secrets/s${index}`, value]),
        ),
      },
      spec: shapes[shape],
    },
    world,
  )

/** Returns the names of a pod's containers, in their starting order. */
export const containerNames = ({ spec }: Json): readonly string[] =>
  [...(spec.initContainers ?? []), ...spec.containers].map(({ name }: Json) => name)
