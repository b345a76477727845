import { isSubdomain } from '../kubernetes-names.ts'
import { defineManager } from '../manager-kit/definition.ts'
import { groupVolumeName } from '../manager-kit/group-volume-name.ts'
import { fileOnly, fileVariables, notMine } from '../manager-kit/manager.ts'
import { needsGroupAndKey, type Reason } from '../manager-kit/reason.ts'
import { secretsDirectory } from '../request/names.ts'

const noClassName = 'no SecretProviderClass can have the group as its name (it is not a DNS-1123 subdomain)'

/** @public docs/troubleshooting.md is made from them. */
export const reasons: readonly Reason[] = [
  {
    says: [noClassName],
    why: '`CSI` uses the group as the name of a SecretProviderClass, and Kubernetes refuses this name.',
    todo: 'Set the group to the name of a SecretProviderClass in the namespace, in lower case.',
  },
]

/**
 * The Secrets Store CSI driver: the group is a SecretProviderClass of the pod's namespace, the key one of its files. Source:
 * secrets-store-csi-driver.sigs.k8s.io, "Usage". The driver mounts all files of a class, and a pod with a missing file does not start.
 */
export const csi = defineManager({
  name: 'CSI',
  summary: 'files of a SecretProviderClass, by the Secrets Store CSI driver',
  makes: 'files',
  reader: 'kubelet',
  asks: {
    group: { means: 'name of the SecretProviderClass', example: 'db-creds' },
    key: { means: 'file of that class', example: 'password' },
  },
  keys: {},
  trial: () => ({ mount: 'FILE' }),
  create: () => ({
    name: 'CSI',
    resolve(request) {
      const { group, key } = request
      if (group === '' || key === '') return notMine(needsGroupAndKey)
      if (!isSubdomain(group)) return notMine(noClassName)
      const path = fileOnly(request, group, key)
      if (path.kind === 'unusable') return notMine(path.why)
      const mountPath = `${secretsDirectory}/${group}`
      if (path.absolute === mountPath) return notMine(needsGroupAndKey)
      const source = {
        csi: {
          driver: 'secrets-store.csi.k8s.io',
          readOnly: true,
          volumeAttributes: { secretProviderClass: group },
        },
      }
      const identity = JSON.stringify(['CSI', group, key])
      return {
        kind: 'found',
        wants: [
          { kind: 'volume', name: groupVolumeName(group, ''), mountPath, source },
          { kind: 'file', path: path.absolute, root: mountPath, identity },
          ...fileVariables(request, path.absolute),
        ],
      }
    },
  }),
})
