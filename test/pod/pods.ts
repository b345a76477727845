import { applyPatch } from 'rfc6902'
import type { Operation } from '../../lib/pod/json-patch.ts'
import { type Container, type Pod, readPod } from '../../lib/pod/pod.ts'
import type { Json } from '../support/pods.ts'

/** A pod as this webhook reads it. */
export const podOf = (object: Json): Pod => {
  const read = readPod(object)
  if (read.kind === 'malformed') throw new Error(`${read.field} must be ${read.expected}`)
  return read.pod
}

/** The pod with one container, which has these fields. */
export const podWith = (fields: Json): Json => ({ spec: { containers: [{ name: 'main', ...fields }] } })

/** The one container of that pod. */
export const containerWith = (fields: Json): Container => {
  const [container] = podOf(podWith(fields)).containers
  if (container === undefined) throw new Error('no container')
  return container
}

/** A pod after some operations, applied by an independent RFC 6902 library; an operation that fails is an error. */
export const applied = (pod: Json, operations: readonly Operation[]): Json => {
  const copy = structuredClone(pod)
  for (const error of applyPatch(copy, structuredClone([...operations]))) if (error !== null) throw error
  return copy
}
