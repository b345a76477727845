import { isObject, type JsonObject } from '../../../lib/json.ts'
import { sentenceOf } from '../../failure.ts'
import { type PodDocument, readPodDocument } from '../../preview/pod-document.ts'

/** The document in the text of a pod, or why there is none. */
export const readPod = (text: string): PodDocument | string => {
  try {
    return readPodDocument(text, 'the pod')
  } catch (error) {
    return sentenceOf(error)
  }
}

/** The pod itself; of an AdmissionReview that has none, nothing. */
export const podIn = ({ kind, object }: PodDocument): JsonObject => {
  const review = isObject(object['request']) ? object['request'] : {}
  const pod = kind === 'Pod' ? object : review['object']
  return isObject(pod) ? pod : {}
}
