import { rm, writeFile } from 'node:fs/promises'
import { CommandFailure } from '../failure.ts'
import { codeOf } from '../file-errors.ts'

/** Writes a token to a new file that only its owner can read. */
export const writeTokenFile = async (file: string, token: string): Promise<void> => {
  try {
    await writeFile(file, `${token}\n`, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    const code = codeOf(cause)
    const why = code === 'EEXIST' ? 'already exists: name a new file' : `cannot be written (${code})`
    throw new CommandFailure(`${file} ${why}`, { cause })
  }
}

/** Deletes the file of a token that no function will accept. */
export const removeTokenFile = (file: string): Promise<void> => rm(file)
