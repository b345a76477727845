import type {
  V1Container,
  V1MutatingWebhookConfiguration,
  V1Namespace,
  V1Pod,
  V1PodSpec,
  V1PodTemplate,
} from '@kubernetes/client-node'
import { ApiFailure, type Cluster, type ObjectRef } from '../kubernetes/cluster.ts'
import { selects } from '../kubernetes/label-selector.ts'
import { takesFileKeys } from '../registration/kubernetes-version.ts'
import { apiVersion } from '../registration/registration.ts'
import { type Fact, learn } from './fact.ts'
import { otherPodWebhooks, type PodWebhook } from './pod-webhooks.ts'
import { trialContainer, trialSecurity } from './trial-container.ts'

/** The result of a server-side dry run of a pod whose containers take a variable from a file. */
export type EnvFileTrial =
  | { readonly kind: 'kept' }
  /** The API server does not know the field, or its feature gate is off. */
  | { readonly kind: 'not-taken' }
  /** The API server accepts the field, and a webhook drops it. `called` lists the webhooks that see such a pod. */
  | { readonly kind: 'dropped'; readonly called: Fact<readonly PodWebhook[]> }

/** The circumstances of the trial. */
export interface EnvFilePlace {
  readonly namespace: string
  readonly serviceAccount: string | undefined
  readonly kubernetesVersion: string
}

/**
 * Has the API server create such a pod, without the label for this webhook. If the pod comes back changed, a PodTemplate of the
 * same spec shows who changed it: webhooks for pods do not see a PodTemplate.
 */
export const tryEnvFiles = (cluster: Cluster, place: EnvFilePlace): Promise<Fact<EnvFileTrial>> =>
  learn(outcomeOf(cluster, place))

const outcomeOf = async (cluster: Cluster, place: EnvFilePlace): Promise<EnvFileTrial> => {
  const metadata = { name: 'flyte-webhook-doctor-env-files', namespace: place.namespace }
  const spec = specIn(place)
  const pod: V1Pod & ObjectRef = { apiVersion: 'v1', kind: 'Pod', metadata, spec }
  if (await isKept(cluster.create(pod, { dryRun: true }).then((created) => created.spec)))
    return { kind: 'kept' }
  const template: V1PodTemplate & ObjectRef = {
    apiVersion: 'v1',
    kind: 'PodTemplate',
    metadata,
    template: { spec },
  }
  const isTaken = await learn(
    isKept(cluster.create(template, { dryRun: true }).then((created) => created.template?.spec)),
  )
  return (isTaken.kind === 'known' ? isTaken.value : takesFileKeys(place.kubernetesVersion))
    ? { kind: 'dropped', called: await learn(webhooksFor(cluster, place.namespace)) }
    : { kind: 'not-taken' }
}

const volumeName = 'flyte-secret-env'
/** The containers that take the variable. */
const takers: readonly [init: string, main: string] = ['taker', 'main']

const specIn = ({ serviceAccount }: EnvFilePlace): V1PodSpec => {
  const volumeMounts = [{ name: volumeName, mountPath: '/etc/flyte/env' }]
  const env = [
    {
      name: 'FLYTE_WEBHOOK_DOCTOR',
      valueFrom: { fileKeyRef: { volumeName, path: 'trial.env', key: 'V' } },
    },
  ]
  const [init, main] = takers
  return {
    ...trialSecurity(),
    ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
    volumes: [{ name: volumeName, emptyDir: { medium: 'Memory' } }],
    initContainers: [
      { ...trialContainer('writer'), volumeMounts },
      { ...trialContainer(init), env },
    ],
    containers: [{ ...trialContainer(main), env }],
  }
}

/**
 * A program that does not know the field leaves an empty `valueFrom`, which every API server refuses:
 * `spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: …`.
 */
const emptySource = /\benv\[\d+\]\.valueFrom: Invalid value: /

/** Returns whether every reference came back. */
const isKept = async (creation: Promise<V1PodSpec | undefined>): Promise<boolean> => {
  try {
    const { initContainers = [], containers = [] } = { ...(await creation) }
    const all = [...initContainers, ...containers]
    return takers.every((name) => all.some((one) => one.name === name && hasReference(one)))
  } catch (error) {
    if (error instanceof ApiFailure && emptySource.test(error.message)) return false
    throw error
  }
}

const hasReference = ({ env = [] }: V1Container): boolean =>
  env.some(({ valueFrom }) => valueFrom?.fileKeyRef !== undefined)

/** Returns the webhooks that are called for a pod without labels. */
const webhooksFor = async (cluster: Cluster, namespace: string): Promise<readonly PodWebhook[]> => {
  const [configurations, found] = await Promise.all([
    cluster.list<V1MutatingWebhookConfiguration>(apiVersion, 'MutatingWebhookConfiguration'),
    cluster.read<V1Namespace>({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }),
  ])
  return otherPodWebhooks(configurations).filter(
    ({ webhook: { namespaceSelector, objectSelector } }) =>
      selects(namespaceSelector, found?.metadata?.labels) && selects(objectSelector),
  )
}
