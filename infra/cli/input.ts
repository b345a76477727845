import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { whyUnreadable, wrongUsage } from '../failure.ts'

/** The file name that stands for standard input. */
export const standardInput = '-'

/** Returns the name of an input, for messages. */
export const inputName = (file: string): string => (file === standardInput ? 'standard input' : file)

/** Reads a file from the command line, or standard input. An unreadable file is wrong usage. */
export const readInput = async (file: string): Promise<Uint8Array> => {
  try {
    return file === standardInput ? await buffer(process.stdin) : await readFile(file)
  } catch (cause) {
    throw wrongUsage(`${file}: ${whyUnreadable(cause)}`, { cause })
  }
}

/** Reads the text of a file from the command line, or of standard input. */
export const readInputText = async (file: string): Promise<string> =>
  new TextDecoder().decode(await readInput(file))

/** Returns the only file of a command line, from its argument or from `-f`; undefined without one. */
export const onlyFile = (argument: string | undefined, option: string | undefined): string | undefined => {
  if (argument !== undefined && option !== undefined)
    throw wrongUsage('name one file: as an argument, or with -f')
  return argument ?? option
}
