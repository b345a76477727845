import type { Json } from '../support/pods.ts'
import type { ApiServer } from './api-server.ts'
import { pods } from './registration.ts'

/** A pod without what the API server makes anew for every object, and without the labels that only tests give it. */
export const cleaned = ({ metadata, ...pod }: Json): Json => {
  const { uid, creationTimestamp, resourceVersion, managedFields, generation, ...kept } = metadata
  const { 'e2e-world': _, 'e2e-served-by': __, ...labels } = kept.labels
  return { ...pod, metadata: { ...kept, labels } }
}

/** A pod under the API server's own defaults, where no webhook is registered for it. */
export const defaulted = async (api: ApiServer, pod: Json, name: string): Promise<Json> => {
  const text = JSON.stringify({ ...pod, metadata: { ...pod.metadata, name } }).replaceAll(
    '"HASHED"',
    '"hashed"',
  )
  const { status, json } = await api.send('POST', `${pods}?dryRun=All`, text)
  if (status !== 201) throw new Error(JSON.stringify(json))
  return JSON.parse(JSON.stringify(cleaned(json)).replaceAll('"hashed"', '"HASHED"'))
}
