import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { whyUnreadable, wrongUsage } from '../failure.ts'

/** How a command line names standard input where it could name a file. */
export const standardInput = '-'

/** The name of an input, for messages. */
export const inputName = (file: string): string => (file === standardInput ? 'standard input' : file)

/** Reads a file that the command line names, or standard input; one that cannot be read is wrong usage. */
export const readInput = async (file: string): Promise<Uint8Array> => {
  try {
    return file === standardInput ? await buffer(process.stdin) : await readFile(file)
  } catch (cause) {
    throw wrongUsage(`${file}: ${whyUnreadable(cause)}`, { cause })
  }
}

/** Reads the text of a file that the command line names, or of standard input. */
export const readInputText = async (file: string): Promise<string> =>
  new TextDecoder().decode(await readInput(file))

/** The one file that a command line names: as its argument, or by `-f`; undefined where it names none. */
export const onlyFile = (argument: string | undefined, option: string | undefined): string | undefined => {
  if (argument !== undefined && option !== undefined)
    throw wrongUsage('name one file: as an argument, or by -f')
  return argument ?? option
}
