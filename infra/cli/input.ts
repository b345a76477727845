import { readFile } from 'node:fs/promises'
import { CommandFailure, exitStatus } from '../failure.ts'

/** Reads a file that the command line names; one that cannot be read is wrong usage. */
export const readInput = async (file: string): Promise<Uint8Array> => {
  try {
    return await readFile(file)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
    const why = code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`
    throw new CommandFailure(`${file}: ${why}`, { cause, status: exitStatus.usage })
  }
}
