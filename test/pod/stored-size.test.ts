import { describe, expect, it } from 'vitest'
import { add, remove } from '../../lib/pod/json-patch.ts'
import { whyNotStored as whyNotOfSize } from '../../lib/pod/stored-size.ts'

const mebibyte = 1024 * 1024
/** Calls the check without a limit on the combined size of pod and patch. */
const whyNotStored = (pod: object, patch: string) => whyNotOfSize(pod, patch, Infinity)
const podOf = (bytes: number) => ({ spec: { containers: [{ args: ['a'.repeat(bytes)] }] } })
const patchOf = (text: string) =>
  JSON.stringify([add('/spec/containers/0/env/-', { value: text }), remove('/a')])

describe('a patched pod', () => {
  it('can have 1.5 MiB of text, and not a byte more', () => {
    expect(whyNotStored(podOf(mebibyte), patchOf('v'.repeat(mebibyte / 2)))).toBeUndefined()
    expect(whyNotStored(podOf(mebibyte), patchOf('v'.repeat(mebibyte / 2 + 1)))).toBe(
      'with it the pod would exceed the 1572864 bytes that etcd stores',
    )
  })

  it('is measured in bytes of UTF-8', () => {
    expect(whyNotStored(podOf(mebibyte), patchOf('ü'.repeat(mebibyte / 4)))).toBeUndefined()
    expect(whyNotStored(podOf(mebibyte), patchOf('ü'.repeat(mebibyte / 4 + 1)))).toBeDefined()
  })

  it('is not measured if pod and patch are small enough, whatever they contain', () => {
    const [pod, patch] = [podOf(mebibyte), patchOf('v'.repeat(mebibyte))]
    expect(whyNotOfSize(pod, patch, 1.5 * mebibyte)).toBeUndefined()
    expect(whyNotOfSize(pod, patch, 1.5 * mebibyte + 1)).toBeDefined()
  })

  it('can be nested deeper than the stack', () => {
    const depth = 1_000_000
    const nested = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)
    expect(whyNotStored({ spec: nested }, patchOf('v'))).toBeUndefined()
  })
})
