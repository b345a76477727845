import type { V1Secret } from '@kubernetes/client-node'
import { ApiFailure, type Cluster } from '../kubernetes/cluster.ts'
import type { NamespacedName } from '../kubernetes/namespaced-name.ts'
import { fileNames } from './certificates.ts'
import { type Place, PlaceConflict } from './place.ts'

/**
 * A Secret, each file under a key of its data. One write is one request, and the object's `resourceVersion` says whether
 * somebody else was faster. Keys that are not of this command stay, as does the type of a Secret that is already there:
 * Flyte's chart makes an empty one of type Opaque.
 */
export const createSecretPlace = (cluster: Cluster, { namespace, name }: NamespacedName): Place => {
  const ref = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } }
  const place = `Secret ${namespace}/${name}`
  return {
    name: place,
    option: `--secret ${namespace}/${name}`,
    bundle: {
      file: fileNames.authorities,
      command: `kubectl get secret --namespace ${namespace} ${name} --output go-template='{{index .data "${fileNames.authorities}" | base64decode}}' > ${fileNames.authorities}`,
    },
    read: async () => {
      const secret = await cluster.read<V1Secret>(ref)
      const files: Record<string, string> = {}
      for (const [key, value] of Object.entries(secret?.data ?? {}))
        files[key] = Buffer.from(value, 'base64').toString()
      return { files, version: secret?.metadata?.resourceVersion }
    },
    write: async (files, { replaces, dryRun }) => {
      const data = Object.fromEntries(
        Object.entries(files).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
      )
      const write =
        replaces === undefined
          ? cluster.create<V1Secret>({ ...ref, type: 'kubernetes.io/tls', data }, { dryRun })
          : cluster.apply<V1Secret>(
              { ...ref, metadata: { ...ref.metadata, resourceVersion: replaces }, data },
              { force: true, dryRun },
            )
      await write.catch((error: unknown) => {
        if (error instanceof ApiFailure && error.code === 409)
          throw new PlaceConflict(place, { cause: error })
        throw error
      })
    },
    settle: () => Promise.resolve(),
  }
}
