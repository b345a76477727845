// What lib/ takes of `node:crypto`, for the playground's page: browsers have these only as promises, or (MD5) not at all.
import { md5 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** As Node's, of MD5 alone. */
export const hash = (_algorithm: 'md5', text: string): string => bytesToHex(md5(utf8ToBytes(text)))

/** As Node's, of SHA-256 alone; the digest is 32 bytes, or their hex. */
export const createHash = (_algorithm: 'sha256') => ({
  update: (text: string) => ({
    digest: (encoding?: 'hex') => {
      const bytes = sha256(utf8ToBytes(text))
      return encoding === 'hex' ? bytesToHex(bytes) : bytes
    },
  }),
})

/** A page has no callers whose tokens it would compare. */
export const timingSafeEqual = (): never => {
  throw new Error('the playground compares no digests')
}
