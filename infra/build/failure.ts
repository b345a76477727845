import { ConfigError } from '../config/config-error.ts'
import { BuildError } from './in-memory.ts'

/** An invalid command line. The message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * Returns the message for an operator's mistake: an invalid configuration, code that cannot be built, an unknown option.
 * Returns `undefined` for anything else: it is a bug of this project and deserves its stack trace.
 */
export const describeFailure = (error: unknown): string | undefined => {
  if (error instanceof ConfigError || error instanceof BuildError || error instanceof UsageError)
    return error.message
  // parseArgs of node:util has its own codes.
  const isUsage =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  return isUsage ? error.message : undefined
}
