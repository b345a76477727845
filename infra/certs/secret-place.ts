import type { V1Secret } from '@kubernetes/client-node'
import { ApiFailure, type Cluster } from '../kubernetes/cluster.ts'
import { fieldManager } from '../kubernetes/field-manager.ts'
import type { NamespacedName } from '../kubernetes/namespaced-name.ts'
import { fileNames } from './certificates.ts'
import { type Place, PlaceConflict } from './place.ts'

/**
 * Keeps certificates in a Secret, each file under a key of its data. A write is one request, and the object's
 * `resourceVersion` shows whether another run was faster. Keeps other keys, and the type of an existing Secret: Flyte's
 * chart creates an empty one of type Opaque.
 */
export const createSecretPlace = (cluster: Cluster, { namespace, name }: NamespacedName): Place => {
  const ref = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } }
  const place = `Secret ${namespace}/${name}`
  return {
    name: place,
    read: async () => {
      const { data = {}, metadata } = (await cluster.read<V1Secret>(ref)) ?? {}
      const files: Record<string, string> = {}
      for (const [key, value] of Object.entries(data)) files[key] = Buffer.from(value, 'base64').toString()
      return {
        files,
        version: metadata?.resourceVersion,
        owners: foreignOwners(metadata?.managedFields ?? []),
      }
    },
    write: async (files, { replaces, dryRun }) => {
      const data: Record<string, string> = {}
      for (const [key, value] of Object.entries(files)) data[key] = Buffer.from(value).toString('base64')
      if (replaces === undefined) {
        const write = cluster.create<V1Secret>({ ...ref, type: 'kubernetes.io/tls', data }, { dryRun })
        await orConflict(write, { place, codes: [409] })
        return
      }
      // Server-side apply would keep a key that should go if another manager owns it too.
      const absent = Object.fromEntries(dataKeys.map((key) => [key, null]))
      const metadata = { ...ref.metadata, resourceVersion: replaces }
      const write = cluster.merge({ ...ref, metadata, data: { ...absent, ...data } }, { dryRun })
      await orConflict(write, { place, codes: [404, 409] })
    },
    settle: () => Promise.resolve(),
  }
}

const dataKeys = Object.values(fileNames)

/** An entry of `metadata.managedFields`: a tree of field names, as in `{"f:data": {"f:tls.crt": {}}}`. */
interface ManagedFields {
  readonly manager?: string
  readonly fieldsV1?: { readonly 'f:data'?: object }
}

/** Returns the field managers, other than this project's, that own a key with a certificate. */
const foreignOwners = (entries: readonly ManagedFields[]): readonly string[] => {
  const owners = entries
    .filter(({ fieldsV1 }) => dataKeys.some((key) => `f:${key}` in (fieldsV1?.['f:data'] ?? {})))
    .map(({ manager = 'somebody' }) => manager)
  return [...new Set(owners)].filter((manager) => manager !== fieldManager)
}

const orConflict = async (
  write: Promise<unknown>,
  { place, codes }: { readonly place: string; readonly codes: readonly number[] },
): Promise<void> => {
  await write.catch((cause: unknown) => {
    if (cause instanceof ApiFailure && codes.includes(cause.code)) throw new PlaceConflict(place, { cause })
    throw cause
  })
}
