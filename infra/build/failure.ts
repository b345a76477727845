import { ConfigError } from '../config/config-error.ts'
import { BuildError } from './in-memory.ts'

/** The command line is wrong; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * What to tell an operator about a mistake of theirs: a wrong configuration, code that cannot be built, an unknown option.
 * `undefined` for anything else, which is a fault of this project and deserves its stack.
 */
export const describeFailure = (error: unknown): string | undefined => {
  if (error instanceof ConfigError || error instanceof BuildError || error instanceof UsageError)
    return error.message
  // node:util's parseArgs has its own codes.
  const isUsage =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  return isUsage ? error.message : undefined
}
