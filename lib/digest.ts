import { createHash } from 'node:crypto'

/** MD5 in hex: Flyte 2 names Secrets by it. It identifies, it protects nothing. */
export const md5Hex = (text: string): string => createHash('md5').update(text).digest('hex')

/** SHA-256, 32 bytes: the source of names that must be short, stable and distinct. */
export const sha256 = (text: string): Uint8Array => createHash('sha256').update(text).digest()
