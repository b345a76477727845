import { WebhookError } from '../errors.ts'

/** The loggable part of an error and its causes: names and places, no value. */
export interface ErrorEntry {
  readonly name: string
  /** Node's own code, such as `EIO`. */
  readonly code?: string
  /** Only for this project's own errors: a foreign message may quote the data that it failed on. */
  readonly message?: string
  readonly stack: readonly string[]
  readonly cause?: ErrorEntry
}

const frame = /^\s+at /
const nodeCode = /^[A-Z][A-Z0-9_]{1,40}$/
const maxCauses = 5

/** Describes an error for the log. */
export const errorEntry = (error: unknown, depth: number = maxCauses): ErrorEntry => {
  if (!(error instanceof Error)) return { name: typeof error, stack: [] }
  // The stack begins with the message, which may look like a frame.
  const stack = error.stack ?? ''
  const start = error.message === '' ? 0 : stack.indexOf(error.message) + error.message.length
  const frames = stack.slice(start).split('\n')
  return {
    name: error.name,
    ...('code' in error && typeof error.code === 'string' && nodeCode.test(error.code)
      ? { code: error.code }
      : {}),
    ...(error instanceof WebhookError ? { message: error.message } : {}),
    stack: frames.filter((line) => frame.test(line)).map((line) => line.trim()),
    ...(error.cause === undefined || depth === 0 ? {} : { cause: errorEntry(error.cause, depth - 1) }),
  }
}
