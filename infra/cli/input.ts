import { readFile } from 'node:fs/promises'
import { whyUnreadable, wrongUsage } from '../failure.ts'

/** Reads a file that the command line names; one that cannot be read is wrong usage. */
export const readInput = async (file: string): Promise<Uint8Array> => {
  try {
    return await readFile(file)
  } catch (cause) {
    throw wrongUsage(`${file}: ${whyUnreadable(cause)}`, { cause })
  }
}
