import { sha256 } from '../../lib/digest.ts'

/** A new token of a cluster, and all that the function knows of it. */
export interface CallerToken {
  /** 256 bits as base64url: 43 of `[A-Za-z0-9_-]` (specification §7). */
  readonly token: string
  /** In lower-case hex. */
  readonly sha256: string
}

/** The form of a token. */
export const callerTokenForm = /^[A-Za-z0-9_-]{43}$/

/** Node's `crypto.randomBytes`, or what stands for it. */
export type RandomBytes = (size: number) => Uint8Array

/** Makes a caller's token. */
export const createCallerToken = (randomBytes: RandomBytes): CallerToken => {
  const token = Buffer.from(randomBytes(32)).toString('base64url')
  return { token, sha256: tokenSha256(token) }
}

/** The digest of a token, in lower-case hex. */
export const tokenSha256 = (token: string): string => Buffer.from(sha256(token)).toString('hex')
