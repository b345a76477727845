import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { callerTokenForm, createCallerToken, tokenSha256 } from '../tokens/caller-token.ts'

/**
 * The token of the cluster `local` on this machine: read from the file, or made and kept there, readable by its owner
 * only. It stays the same, so that a registered URL stays right.
 */
export const ensureLocalToken = async (file: string): Promise<string> => {
  const kept = await readFile(file, 'utf8').catch(() => '')
  if (callerTokenForm.test(kept)) return kept
  const { token: made } = createCallerToken(randomBytes)
  await writeFile(file, made, { mode: 0o600 })
  return made
}

/** What the function is told of the token: `local=<SHA-256 in hex>`. */
export const localTokenDigest = (localToken: string): string => `local=${tokenSha256(localToken)}`
