import { hash, timingSafeEqual } from 'node:crypto'

/** MD5 in hex: Flyte 2 names Secrets by it. It identifies, it protects nothing. */
export const md5Hex = (text: string): string => hash('md5', text)

/** SHA-256, 32 bytes: the source of names that must be short, stable and distinct, and the digest of a caller's token. */
export const sha256 = (text: string): Uint8Array => hash('sha256', text, 'buffer')

/** Whether two SHA-256 digests are the same, in a time that does not depend on where they differ. */
export const isSameDigest = (one: Uint8Array, other: Uint8Array): boolean => timingSafeEqual(one, other)
