import { isObject } from '../json.ts'

/** The most that etcd accepts in one request by default (etcd's `--max-request-bytes`: 1.5 MiB). */
const maxStoredBytes = 1.5 * 1024 * 1024

/**
 * Why a patched pod could not be stored. It counts only texts, which the API server stores unchanged, with a
 * few bytes around each. So a pod that is refused here would not have fit. `patch` is a JSON patch as JSON. `maxBytes` is an upper bound
 * of pod and patch as JSON: nearly always it is small enough, and nothing needs to be counted.
 */
export const whyNotStored = (object: object, patch: string, maxBytes: number): string | undefined =>
  maxBytes > maxStoredBytes && textBytes(object) + textBytes(valuesIn(patch)) > maxStoredBytes
    ? `with it the pod would exceed the ${maxStoredBytes} bytes that etcd stores`
    : undefined

const valuesIn = (patch: string): readonly unknown[] => {
  const operations: unknown = JSON.parse(patch)
  return Array.isArray(operations) ? operations.map((one) => (isObject(one) ? one['value'] : undefined)) : []
}

/** Without recursion: data nested deeper than the stack must not cause a failure. */
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
