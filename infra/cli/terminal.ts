import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'
import yoctoSpinner from 'yocto-spinner'
import { message } from '../text/message.ts'
import type { Styled } from '../text/style.ts'

/** Where a command writes: results to standard output, everything else to standard error. */
export interface Terminal {
  /** Writes a result, with the end of its line. */
  readonly write: (text: string) => void
  /** Tells a person something that is no result. */
  readonly note: (text: string) => void
  /** Tells a person what may go wrong, behind `warning:`. */
  readonly warn: (text: string) => void
  /** Tells a person why nothing was done, behind `error:`. */
  readonly fail: (text: string) => void
  /** Text for `write` in a style, where standard output is a terminal and `NO_COLOR` is not set. */
  readonly styled: Styled
  /** Shows that something is being waited for, where standard error is a terminal. */
  readonly wait: <T>(text: string, work: Promise<T>) => Promise<T>
}

/** The terminal of a process. Node's `styleText` knows `NO_COLOR`, `FORCE_COLOR` and what is a terminal. */
export const createTerminal = (
  stdout: WriteStream | NodeJS.WriteStream,
  stderr: WriteStream | NodeJS.WriteStream,
): Terminal => ({
  write: (text) => void stdout.write(`${text}\n`),
  note: (text) => void stderr.write(`${text}\n`),
  warn: (text) => void stderr.write(`${message('warning', text, stderr)}\n`),
  fail: (text) => void stderr.write(`${message('error', text, stderr)}\n`),
  styled: (style, text) => styleText(style, text, { stream: stdout, validateStream: true }),
  wait: async (text, work) => {
    if (!stderr.isTTY) return work
    const spinner = yoctoSpinner({ text, stream: stderr }).start()
    try {
      return await work
    } finally {
      spinner.stop()
    }
  },
})
