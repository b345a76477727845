import { isObject, type JsonObject } from '../../lib/json.ts'
import { partLabel } from '../../lib/pod/pod.ts'
import { requestPrefix } from '../../lib/request/annotations.ts'
import { annotationValue } from './annotation-value.ts'
import type { RequestFields } from './readable-request.ts'

/** What an API server knows about a pod besides the pod itself. */
export interface Circumstances {
  readonly namespace: string
  /** The user who creates the pod. */
  readonly user: string
}

/** Creates the AdmissionReview that an API server would send for a pod (Kubernetes, `k8s.io/api/admission/v1`). */
export const sampleReview = (pod: JsonObject, { namespace, user }: Circumstances): JsonObject => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: '00000000-0000-0000-0000-000000000000',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    namespace,
    operation: 'CREATE',
    userInfo: { username: user },
    object: pod,
  },
})

/** Adds requests to a pod. Each gets the next free annotation, and the label is set if it is missing. */
export const asking = (pod: JsonObject, requests: readonly RequestFields[]): JsonObject => {
  const metadata = objectOf(pod['metadata'])
  const names = freeAnnotations(pod, requests.length)
  const more = requests.map((request, index) => [names[index] ?? '', annotationValue(request)] as const)
  const annotations: JsonObject = {
    ...objectOf(metadata['annotations']),
    ...Object.fromEntries<string>(more),
  }
  const labels = { [partLabel]: 'true', ...objectOf(metadata['labels']) }
  return { ...pod, metadata: { ...metadata, labels, annotations } }
}

/** Returns the names of the annotations that `asking` writes for this number of requests, in order. */
export const freeAnnotations = (pod: JsonObject, count: number): readonly string[] => {
  const taken = objectOf(objectOf(pod['metadata'])['annotations'])
  const free: string[] = []
  for (let index = 0; free.length < count; index++) {
    const name = `${requestPrefix}${index}`
    if (!Object.hasOwn(taken, name)) free.push(name)
  }
  return free
}

/** Metadata can be missing. A value of another type is replaced, because the pod would be refused for it anyway. */
const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {})
