import { describe, expect, it } from 'vitest'
import { createCallerToken } from '../../infra/tokens/caller-token.ts'
import { createCallerCheck } from '../../lib/caller/caller.ts'

describe("a caller's token", () => {
  it('has 256 bits, fits into a path, and is known to the function by its digest', () => {
    const sizes: number[] = []
    const { token, sha256 } = createCallerToken((size) => {
      sizes.push(size)
      return new Uint8Array(size).fill(0xfb)
    })
    expect(sizes).toEqual([32])
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    const identify = createCallerCheck({ tokenSha256: { eu: [sha256] }, anonymous: false })
    expect(identify(`/eu/${token}/healthz`)).toEqual({ cluster: 'eu', resource: 'healthz' })
  })
})
