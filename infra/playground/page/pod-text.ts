import { isObject, type JsonObject } from '../../../lib/json.ts'
import { sentenceOf } from '../../failure.ts'
import { type PodDocument, readPodDocument } from '../../preview/pod-document.ts'

/** Returns the document in the text of a pod, or why it cannot be read. */
export const readPod = (text: string): PodDocument | string => {
  try {
    return readPodDocument(text, 'the pod')
  } catch (error) {
    return sentenceOf(error)
  }
}

/** Returns the pod itself. Empty for an AdmissionReview without one. */
export const podIn = ({ kind, object }: PodDocument): JsonObject => {
  const review = isObject(object['request']) ? object['request'] : {}
  const pod = kind === 'Pod' ? object : review['object']
  return isObject(pod) ? pod : {}
}
