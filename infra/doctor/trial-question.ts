import type { Config } from '../../lib/config/config.ts'
import type { JsonObject } from '../../lib/json.ts'
import { makesFilesOnly, type ManagerName } from '../../lib/manager-names.ts'
import type { ObjectRef } from '../kubernetes/cluster.ts'
import type { RequestFields } from '../preview/readable-request.ts'
import { asking } from '../preview/sample-review.ts'

/** A pod that is to be tried, and what the webhook does to it when all is well. */
export interface TrialQuestion {
  readonly pod: JsonObject & ObjectRef
  /**
   * `secret`: it comes back with the variable `trialVariable`. `denial`: it asks for a secret that nobody has, because none of
   * the configured managers serves without looking into a store.
   */
  readonly expects: 'secret' | 'denial'
}

/** The variable in which the secret, or the path of its file, is asked for. */
export const trialVariable = 'FLYTE_WEBHOOK_DOCTOR'

/** No store is asked for it by the managers that serve a trial, and no such secret has to exist. */
const request = {
  group: 'flyte-webhook-doctor',
  groupVersion: '1',
  key: 'trial',
  envVar: trialVariable,
} as const

/** The same for AWS, whose sidecar takes no group that is not the beginning of an ARN. */
const awsRequest = { ...request, group: 'arn:aws:secretsmanager:us-east-1:111122223333:secret' } as const

/** How a manager that would serve a trial is asked; undefined where none of those that are configured would. */
const trialMount = (managers: readonly ManagerName[]): 'ENV_VAR' | 'FILE' | undefined => {
  if (managers.includes('K8s')) return 'ENV_VAR'
  return managers.some(makesFilesOnly) ? 'FILE' : undefined
}

/** The pod that is tried with a configuration; undefined where no answer would tell anything. */
export const trialQuestionOf = (
  { webhook, function: own }: Config,
  namespace: string,
): TrialQuestion | undefined => {
  const mountRequirement = trialMount(webhook.secretManagerTypes)
  const isForAws = mountRequirement === 'FILE' && webhook.secretManagerTypes.includes('AWS')
  const asked = isForAws ? awsRequest : request
  if (mountRequirement !== undefined)
    return { pod: trialPod(namespace, { ...asked, mountRequirement }), expects: 'secret' }
  const isEmbeddedK8s =
    webhook.secretManagerTypes.includes('Embedded') && webhook.embeddedSecretManagerConfig.type === 'K8s'
  if (isEmbeddedK8s) {
    const fields = { ...request, mountRequirement: 'ENV_VAR' } as const
    return { pod: trialPod(namespace, fields, embeddedLabels), expects: 'secret' }
  }
  if (own.onFailure === 'admit') return undefined
  return { pod: trialPod(namespace, { ...request, mountRequirement: 'ENV_VAR' }), expects: 'denial' }
}

/** Where a trial is made unless the operator says so: Flyte 2's Embedded manager serves one namespace alone. */
export const trialNamespaceOf = ({ webhook }: Config): string => {
  const [first, second] = webhook.secretManagerTypes
  const isEmbeddedAlone = first === 'Embedded' && second === undefined
  return isEmbeddedAlone && webhook.embeddedSecretManagerConfig.type === 'K8s'
    ? webhook.embeddedSecretManagerConfig.k8sConfig.namespace
    : 'default'
}

const embeddedLabels = { organization: 'flyte-webhook', domain: 'doctor', project: 'trial' } as const

/** As strict as the Pod Security Standard `restricted` wants it, and with what a ResourceQuota wants. */
const trialPod = (
  namespace: string,
  fields: RequestFields,
  labels: Readonly<Record<string, string>> = {},
): TrialQuestion['pod'] => {
  const metadata = { name: 'flyte-webhook-doctor', namespace }
  const size = { cpu: '1m', memory: '1Mi' }
  const pod = {
    metadata: { ...metadata, labels },
    spec: {
      restartPolicy: 'Never',
      securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'main',
          image: 'registry.k8s.io/pause:3.10',
          resources: { requests: size, limits: size },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  }
  const asked = asking(pod, [fields])
  return { ...asked, apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, ...metadataOf(asked) } }
}

const metadataOf = ({ metadata }: JsonObject): object =>
  typeof metadata === 'object' && metadata !== null ? metadata : {}
