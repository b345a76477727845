import type { Json } from '../support/pods.ts'
import type { ApiServer } from './api-server.ts'
import { pods } from './registration.ts'

/** Removes what the API server generates for every object, and the labels of tests. */
export const cleaned = ({ metadata, ...pod }: Json): Json => {
  const { uid, creationTimestamp, resourceVersion, managedFields, generation, ...kept } = metadata
  const { 'e2e-world': _, 'e2e-served-by': __, ...labels } = kept.labels
  return { ...pod, metadata: { ...kept, labels } }
}

/** Returns a pod with the API server's defaults, as stored without a webhook. */
export const defaulted = async (api: ApiServer, pod: Json, name: string): Promise<Json> => {
  const text = JSON.stringify({ ...pod, metadata: { ...pod.metadata, name } }).replaceAll(
    '"HASHED"',
    '"hashed"',
  )
  const { status, json } = await api.send('POST', `${pods}?dryRun=All`, text)
  if (status !== 201) throw new Error(JSON.stringify(json))
  return JSON.parse(JSON.stringify(cleaned(json)).replaceAll('"hashed"', '"HASHED"'))
}
