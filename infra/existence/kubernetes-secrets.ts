import type { V1Secret } from '@kubernetes/client-node'
import { isObject } from '../../lib/json.ts'
import { ApiFailure, type Cluster, nameOf } from '../kubernetes/cluster.ts'
import type { Existence } from './existence.ts'
import type { SecretReference } from './secret-references.ts'

/** Checks that each list of references contains a Secret with the given key. Keeps and shows no value. */
export const checkSecrets = async (
  cluster: Pick<Cluster, 'read' | 'readSecretMetadata'>,
  namespace: string,
  references: readonly (readonly SecretReference[])[],
): Promise<Existence> => {
  try {
    for (const alternatives of references) {
      const whys = await Promise.all(alternatives.map((one) => whyMissing(cluster, namespace, one)))
      if (!whys.includes(undefined)) return { known: 'missing', why: whys.join('; ') }
    }
    return { known: 'exists' }
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    return { known: 'no answer', why: error.message }
  }
}

/**
 * Returns undefined if the Secret has the key. The owners of fields in the metadata show the keys without the values. The Secret
 * itself is read only if these owners were removed.
 */
const whyMissing = async (
  cluster: Pick<Cluster, 'read' | 'readSecretMetadata'>,
  namespace: string,
  { name, key }: SecretReference,
): Promise<string | undefined> => {
  const ref = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } }
  const metadata = await cluster.readSecretMetadata({ namespace, name })
  if (metadata === undefined) return `${nameOf(ref)} does not exist`
  if (ownedKeys(metadata).has(key)) return undefined
  const keys = Object.keys((await cluster.read<V1Secret>(ref))?.data ?? {})
  return keys.includes(key) ? undefined : `${nameOf(ref)} has no key ${key}`
}

/** Kubernetes' `FieldsV1`: `{ "f:data": { "f:password": {} } }`. */
const ownedKeys = ({ managedFields = [] }: NonNullable<V1Secret['metadata']>): ReadonlySet<string> =>
  new Set(
    managedFields.flatMap(({ fieldsV1 }) => {
      const data: unknown = isObject(fieldsV1) ? fieldsV1['f:data'] : undefined
      return Object.keys(isObject(data) ? data : {}).flatMap((field) =>
        field.startsWith('f:') ? [field.slice(2)] : [],
      )
    }),
  )
