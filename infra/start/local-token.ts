import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { callerTokenForm, createCallerToken, tokenSha256 } from '../tokens/caller-token.ts'

/**
 * Returns this machine's token of the cluster `local`. Reads it from the file, or creates the file, which only its owner can
 * read. The token stays the same, so a registered URL stays valid.
 */
export const ensureLocalToken = async (file: string): Promise<string> => {
  const kept = await readFile(file, 'utf8').catch(() => '')
  if (callerTokenForm.test(kept)) return kept
  const { token: made } = createCallerToken(randomBytes)
  await writeFile(file, made, { mode: 0o600 })
  return made
}

/** Returns the form in which the function gets the token: `local=<SHA-256 in hex>`. */
export const localTokenDigest = (localToken: string): string => `local=${tokenSha256(localToken)}`
