// What lib/ takes of `node:crypto`, for the playground's page: browsers have these only as promises, or (MD5) not at all.
import { md5 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** As Node's, of MD5 and SHA-256: the digest in hex, or its bytes. */
export const hash = (
  algorithm: 'md5' | 'sha256',
  text: string,
  encoding: 'hex' | 'buffer' = 'hex',
): string | Uint8Array => {
  const digest = (algorithm === 'md5' ? md5 : sha256)(utf8ToBytes(text))
  return encoding === 'hex' ? bytesToHex(digest) : digest
}

/** A page has no callers whose tokens it would compare. */
export const timingSafeEqual = (): never => {
  throw new Error('the playground compares no digests')
}
