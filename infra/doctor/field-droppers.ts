import type { V1Deployment } from '@kubernetes/client-node'
import type { Cluster } from '../kubernetes/cluster.ts'
import { imageNameOf } from './image-name.ts'

/** A program whose webhook rewrites containers, and which did not know `fileKeyRef` before some version. */
export interface FieldDropper {
  readonly program: string
  /** The first version that keeps the field. */
  readonly since: string
  /** The objects from which earlier versions drop it. */
  readonly from: string
  readonly image: RegExp
  /** Matches the name of its configuration or of its webhook. */
  readonly webhooks: RegExp
}

export const podIdentityWebhook: FieldDropper = {
  program: 'pod-identity-webhook',
  since: '0.6.9',
  from: 'the pods of service accounts with an IAM role',
  image: /pod-identity-webhook/,
  webhooks: /pod-identity|iam-for-pods/,
}

export const vaultK8s: FieldDropper = {
  program: 'vault-k8s',
  since: '1.7.1',
  from: 'the init containers that it moves after its own (agent-init-first)',
  image: /vault-k8s/,
  webhooks: /vault/,
}

export const fieldDroppers: readonly FieldDropper[] = [podIdentityWebhook, vaultK8s]

/** A Deployment that runs such a program. */
export interface DropperDeployment {
  readonly name: string
  readonly namespace: string
  readonly dropper: FieldDropper
  /** The tag of its image; empty if it has none. */
  readonly tag: string
}

/** Returns all Deployments of a cluster that run such a program. */
export const findFieldDroppers = async (
  cluster: Pick<Cluster, 'list'>,
): Promise<readonly DropperDeployment[]> =>
  (await cluster.list<V1Deployment>('apps/v1', 'Deployment')).flatMap(({ metadata, spec }) => {
    if (spec === undefined || spec.replicas === 0) return []
    const { name = '', namespace = '' } = metadata ?? {}
    return (spec.template.spec?.containers ?? []).flatMap(({ image = '' }) => {
      const { name: program, tag } = imageNameOf(image)
      const dropper = fieldDroppers.find((one) => one.image.test(program))
      return dropper === undefined ? [] : [{ name, namespace, dropper, tag }]
    })
  })

/** Returns whether it keeps the field; undefined if its tag is not a full version: `latest`, `1.7`. */
export const keepsField = ({ dropper, tag }: DropperDeployment): boolean | undefined => {
  const own = versionIn(tag)
  const since = versionIn(dropper.since)
  if (own === undefined || since === undefined) return undefined
  const at = since.findIndex((part, index) => part !== own[index])
  return at < 0 || (own[at] ?? 0) > (since[at] ?? 0)
}

const versionIn = (text: string): readonly number[] | undefined =>
  /^v?(\d+)\.(\d+)\.(\d+)(?!\d)/.exec(text)?.slice(1).map(Number)
