import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'
import yoctoSpinner from 'yocto-spinner'
import { message } from '../text/message.ts'
import type { Styled } from '../text/style.ts'

/** The output of a command: results go to standard output, everything else to standard error. */
export interface Terminal {
  /** Writes a result, with a line break. */
  readonly write: (text: string) => void
  /** Writes a message that is not a result. */
  readonly note: (text: string) => void
  /** Writes a warning after `warning:`. */
  readonly warn: (text: string) => void
  /** Writes the reason for a failure after `error:`. */
  readonly fail: (text: string) => void
  /** Formats text for `write` in a style, if standard output is a terminal and `NO_COLOR` is not set. */
  readonly styled: Styled
  /** Shows progress during the work, if standard error is a terminal. */
  readonly wait: <T>(text: string, work: Promise<T>) => Promise<T>
}

/** Creates the terminal of a process. Node's `styleText` handles `NO_COLOR` and `FORCE_COLOR`, and detects terminals. */
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
