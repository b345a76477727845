import { defineManager } from '../manager-kit/definition.ts'
import { md5Hex } from '../digest.ts'
import { isSecretKey, isSubdomain } from '../kubernetes-names.ts'
import { needsGroup, needsKey, type Reason } from '../manager-kit/reason.ts'
import type { Want } from '../manager-kit/wants.ts'
import { groupVolumeName } from '../manager-kit/group-volume-name.ts'
import { filePath, secretsDirectory } from '../request/names.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import {
  asVariable,
  fileVariables,
  notMine,
  type Resolution,
  type PureManager,
} from '../manager-kit/manager.ts'

/** Kubernetes Secrets, by reference: the default of Flyte 1 (specification §4.2). */
export const k8s = defineManager({
  name: 'K8s',
  summary: "Kubernetes Secrets in the pod's namespace, by optional references",
  makes: 'both',
  reader: 'kubelet',
  asks: {
    group: { means: 'name of the Secret', example: 'db-creds', isOptional: true },
    key: { means: 'key in the Secret', example: 'password' },
  },
  keys: {},
  trial: () => ({ mount: 'FILE' }),
  create: (_options, { envVarPrefix, profile }) =>
    createK8s({ envVarPrefix, emptyGroup: profile === 'flyte1' ? 'refused' : 'md5-of-key' }),
})

export interface K8sOptions {
  /** `webhook.secretEnvVarPrefix`. */
  readonly envVarPrefix: string
  /** The meaning of a request without a group: nothing (Flyte 1), or the Secret named by the MD5 of the key (Flyte 2). */
  readonly emptyGroup: 'refused' | 'md5-of-key'
}

const noSecretName = 'no Secret can have the group as its name (it is not a DNS-1123 subdomain)'
const noSecretKey = 'no Secret can have this key (1 to 253 of A-Z a-z 0-9 - _ ., not "." nor "..…")'

/** @public docs/troubleshooting.md is made from them. */
export const reasons: readonly Reason[] = [
  {
    says: [noSecretName, noSecretKey],
    why: 'Kubernetes restricts the names of Secrets (lower-case letters, digits, `-` and `.`) and their keys. No Secret can have this one.',
    todo: 'Correct the group or the key. If another manager has the secret, add that manager to `webhook.secretManagerTypes`.',
  },
]

/** Kubernetes Secrets of the pod's own namespace, by reference: this webhook never sees their values (specification §4.2). */
export const createK8s = ({ envVarPrefix, emptyGroup }: K8sOptions): PureManager => ({
  name: 'K8s',
  resolve(request): Resolution {
    const { key } = request
    if (key === '') return notMine(needsKey)
    if (request.group === '' && emptyGroup === 'refused') return notMine(needsGroup)
    const group = request.group === '' ? md5Hex(key) : request.group
    if (!isSubdomain(group)) return notMine(noSecretName)
    if (!isSecretKey(key)) return notMine(noSecretKey)
    return request.mountRequirement === 'ENV_VAR'
      ? {
          kind: 'found',
          wants: asVariable(request, {
            group,
            envVarPrefix,
            source: { kind: 'secretKeyRef', name: group, key },
          }),
        }
      : asFile(request, group)
  },
})

const asFile = (request: SecretRequest, group: string): Resolution => {
  const path = filePath(group, request.key)
  if (path.kind === 'unusable') return notMine(path.why)
  const mountPath = `${secretsDirectory}/${group}`
  const volume: Want = {
    kind: 'secretVolume',
    name: groupVolumeName(group, request.groupVersion),
    secretName: group,
    mountPath,
    item: { key: request.key, path: request.key.toLowerCase() },
  }
  const identity = JSON.stringify(['K8s', group, request.key])
  const file: Want = { kind: 'file', path: path.absolute, root: mountPath, identity }
  return { kind: 'found', wants: [volume, file, ...fileVariables(request, path.absolute)] }
}
