import type { V1Node, V1ServiceAccount } from '@kubernetes/client-node'
import type { Config } from '../../lib/config/config.ts'
import { takesEnvFiles } from '../../lib/env-files.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import { type EnvFileTrial, tryEnvFiles } from './env-file-trial.ts'
import { type Fact, infer, known, learn, unknown } from './fact.ts'
import { type DropperDeployment, findFieldDroppers } from './field-droppers.ts'

/** The facts that decide whether containers of a cluster can take variables from files (specification §4.8). */
export interface EnvFileFacts {
  /** At least one. Fargate's nodes count too. */
  readonly nodes: Fact<readonly Kubelet[]>
  /** The namespace of the trial pod. */
  readonly namespace: string
  /** The service account of the trial pod: one with an IAM role, or undefined if the namespace has none. */
  readonly serviceAccount: Fact<string | undefined>
  readonly trial: Fact<EnvFileTrial>
  readonly droppers: Fact<readonly DropperDeployment[]>
}

/** A node, and the version that its kubelet reports: `v1.35.2-eks-36bf41b`. */
export interface Kubelet {
  readonly node: string
  readonly version: string
}

/** The subject of the facts. */
export interface EnvFileQuestion {
  readonly config: Config
  /** The cluster's name in its URL. */
  readonly name: Fact<string>
  readonly kubernetesVersion: string
  /** The namespace for the trial pod. */
  readonly namespace: string
}

/** Gathers the facts; undefined, without a request, if `function.envFiles` leaves the cluster out. */
export const gatherEnvFileFacts = async (
  cluster: Cluster,
  { config, name, kubernetesVersion, namespace }: EnvFileQuestion,
): Promise<Fact<EnvFileFacts | undefined>> => {
  const isAsked = isTakenIn(config, name)
  if (isAsked.kind === 'unknown') return isAsked
  if (!isAsked.value) return known(undefined)
  const serviceAccount = await learn(findAccountWithRole(cluster, namespace))
  const place = {
    namespace,
    kubernetesVersion,
    serviceAccount: serviceAccount.kind === 'known' ? serviceAccount.value : undefined,
  }
  const [nodes, trial, droppers] = await Promise.all([
    learn(cluster.list<V1Node>('v1', 'Node')),
    tryEnvFiles(cluster, place),
    learn(findFieldDroppers(cluster)),
  ])
  return known({ nodes: infer(nodes, kubeletsOf), namespace, serviceAccount, trial, droppers })
}

/** The cluster's name counts only if the configuration has a list of names. */
const isTakenIn = ({ function: { envFiles } }: Config, name: Fact<string>): Fact<boolean> =>
  Array.isArray(envFiles)
    ? infer(name, (cluster) => known(takesEnvFiles(envFiles, cluster)))
    : known(takesEnvFiles(envFiles, undefined))

/** The annotation on a service account that makes `pod-identity-webhook` give its pods an AWS role. */
const roleAnnotation = 'eks.amazonaws.com/role-arn'

const findAccountWithRole = async (cluster: Cluster, namespace: string): Promise<string | undefined> => {
  const accounts = await cluster.list<V1ServiceAccount>('v1', 'ServiceAccount', namespace)
  return accounts.find(({ metadata }) => metadata?.annotations?.[roleAnnotation] !== undefined)?.metadata
    ?.name
}

const kubeletsOf = (nodes: readonly V1Node[]): Fact<readonly Kubelet[]> =>
  nodes.length === 0
    ? unknown('the cluster has no nodes now')
    : known(
        nodes.map(({ metadata, status }) => ({
          node: metadata?.name ?? '',
          version: status?.nodeInfo?.kubeletVersion ?? '',
        })),
      )
