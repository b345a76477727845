import { applyPatch } from 'rfc6902'
import type { Operation } from '../../lib/pod/json-patch.ts'
import { type Container, type Pod, readPod } from '../../lib/pod/pod.ts'
import type { Json } from '../support/pods.ts'

/** Reads a pod like the webhook. */
export const podOf = (object: Json): Pod => {
  const read = readPod(object)
  if (read.kind === 'malformed') throw new Error(`${read.field} must be ${read.expected}`)
  return read.pod
}

/** Builds a pod whose only container has these fields. */
export const podWith = (fields: Json): Json => ({ spec: { containers: [{ name: 'main', ...fields }] } })

/** Reads a container with these fields. */
export const containerWith = (fields: Json): Container => {
  const [container] = podOf(podWith(fields)).containers
  if (container === undefined) throw new Error('no container')
  return container
}

/** Applies operations to a pod with an independent RFC 6902 library. Throws if an operation fails. */
export const applied = (pod: Json, operations: readonly Operation[]): Json => {
  const copy = structuredClone(pod)
  for (const error of applyPatch(copy, structuredClone([...operations]))) if (error !== null) throw error
  return copy
}
