import { applyPatch } from 'rfc6902'
import type { Json } from './pods.ts'

/** Returns the patch operations in an AdmissionReview's answer, or an empty list. */
export const operationsOf = (review: Json): Json[] => {
  const { patch, patchType } = review.response
  if ((patch === undefined) !== (patchType === undefined)) throw new Error('patch and patchType go together')
  return patch === undefined ? [] : JSON.parse(Buffer.from(patch, 'base64').toString('utf8'))
}

/** Applies an answer's patch to the pod with an independent RFC 6902 library. Throws if an operation fails. */
export const patched = (pod: Json, review: Json): Json => {
  const copy = structuredClone(pod)
  for (const error of applyPatch(copy, structuredClone(operationsOf(review)))) if (error !== null) throw error
  return copy
}
