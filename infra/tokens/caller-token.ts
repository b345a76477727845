import { sha256 } from '../../lib/digest.ts'

/** A new token of a cluster, and its digest, which is all that the function stores. */
export interface CallerToken {
  /** 256 bits as base64url: 43 characters of `[A-Za-z0-9_-]` (specification §7). */
  readonly token: string
  /** In lower-case hex. */
  readonly sha256: string
}

/** A token's format. */
export const callerTokenForm = /^[A-Za-z0-9_-]{43}$/

/** Node's `crypto.randomBytes`, or a replacement. */
export type RandomBytes = (size: number) => Uint8Array

/** Creates a caller's token. */
export const createCallerToken = (randomBytes: RandomBytes): CallerToken => {
  const token = Buffer.from(randomBytes(32)).toString('base64url')
  return { token, sha256: tokenSha256(token) }
}

/** Returns the digest of a token, in lower-case hex. */
export const tokenSha256 = (token: string): string => Buffer.from(sha256(token)).toString('hex')
