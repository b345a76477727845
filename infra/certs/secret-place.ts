import type { V1Secret } from '@kubernetes/client-node'
import { ApiFailure, type Cluster } from '../kubernetes/cluster.ts'
import { fieldManager } from '../kubernetes/field-manager.ts'
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
      // Not by server-side apply, which leaves a key that another manager owns too where it should be gone.
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

/** The field managers, other than this project's, that own any of the keys that certificates are under. */
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
