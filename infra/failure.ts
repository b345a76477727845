import { codeOf } from './file-errors.ts'

/** The exit statuses of every command. */
export const exitStatus = {
  /** The command succeeded, or all checks passed. */
  ok: 0,
  /** The command failed, or a check found a fault. */
  failed: 1,
  /** The command line or the configuration is invalid: nothing was tried (specification §11). */
  usage: 2,
  /** A check gave a warning, and none found a fault. */
  warning: 3,
} as const

/**
 * A failed command: one sentence that says what is wrong, and the next step. It is shown unchanged, without a stack trace unless
 * `--verbose` is given. It never contains a token or a secret value.
 */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly status: number

  constructor(message: string, options: ErrorOptions & { readonly status?: number } = {}) {
    super(message, options)
    this.status = options.status ?? exitStatus.failed
  }
}

/** Creates the failure of an invalid command line or input: nothing was tried (specification §11). */
export const wrongUsage = (message: string, options: ErrorOptions = {}): CommandFailure =>
  new CommandFailure(message, { ...options, status: exitStatus.usage })

/** Says why a file cannot be read, for the end of a sentence. */
export const whyUnreadable = (error: unknown): string => {
  const code = codeOf(error)
  return code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`
}

/** Returns the message of whatever was thrown. */
export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
