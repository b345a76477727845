import { isObject } from '../json.ts'

/** The most that etcd takes in one request, unless it is told otherwise (etcd's `--max-request-bytes`: 1.5 MiB). */
const maxStoredBytes = 1.5 * 1024 * 1024

/**
 * Why a patched pod could not be stored. It counts texts alone: what the API server stores has them as they are, and a
 * few bytes around each, so a pod that is refused here would not have fit. `patch` is a JSON patch as JSON. `maxBytes` is what
 * pod and patch have at most, as JSON: nearly always that is little enough, and nothing needs to be counted.
 */
export const whyNotStored = (object: object, patch: string, maxBytes: number): string | undefined =>
  maxBytes > maxStoredBytes && textBytes(object) + textBytes(valuesIn(patch)) > maxStoredBytes
    ? `with it the pod would be larger than ${maxStoredBytes} bytes, which etcd does not store`
    : undefined

const valuesIn = (patch: string): readonly unknown[] => {
  const operations: unknown = JSON.parse(patch)
  return Array.isArray(operations) ? operations.map((one) => (isObject(one) ? one['value'] : undefined)) : []
}

/** Without recursion: what is nested deeper than any stack is no reason to fail. */
const textBytes = (value: unknown): number => {
  const left = [value]
  let bytes = 0
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === 'string') bytes += Buffer.byteLength(next)
    else if (typeof next === 'object' && next !== null)
      for (const inner of Object.values(next)) left.push(inner)
  }
  return bytes
}
