import { applyPatch } from 'rfc6902'
import type { Json } from './pods.ts'

/** The operations of an AdmissionReview's answer, or none. */
export const operationsOf = (review: Json): Json[] => {
  const { patch, patchType } = review.response
  if ((patch === undefined) !== (patchType === undefined)) throw new Error('patch and patchType go together')
  return patch === undefined ? [] : JSON.parse(Buffer.from(patch, 'base64').toString('utf8'))
}

/** The pod after an answer's patch, applied by an independent RFC 6902 library; an operation that fails is an error. */
export const patched = (pod: Json, review: Json): Json => {
  const copy = structuredClone(pod)
  for (const error of applyPatch(copy, structuredClone(operationsOf(review)))) if (error !== null) throw error
  return copy
}
