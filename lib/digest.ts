import { md5 } from '@noble/hashes/legacy.js'
import { sha256 as sha256Of } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

// Not `node:crypto`: it takes longer to load than the whole function (docs/performance.md), and browsers lack it.

/** MD5 in hex: Flyte 2 uses it in names of Secrets. It identifies and does not protect. */
export const md5Hex = (text: string): string => bytesToHex(md5(utf8ToBytes(text)))

/** SHA-256, 32 bytes: for names that must be short, stable and distinct, and for the digest of a caller's token. */
export const sha256 = (text: string): Uint8Array => sha256Of(utf8ToBytes(text))

/** SHA-256 in hex. */
export const sha256Hex = (text: string): string => bytesToHex(sha256(text))

/** Whether two SHA-256 digests are equal, in a time that does not depend on where they differ. */
export const isSameDigest = (one: Uint8Array, other: Uint8Array): boolean =>
  one.reduce((difference, byte, at) => difference | (byte ^ (other[at] ?? 0)), 0) === 0
