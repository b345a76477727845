import { codeOf } from './file-errors.ts'

/** The exit statuses of every command. */
export const exitStatus = {
  /** It is done, or all is well. */
  ok: 0,
  /** It could not be done, or something is wrong. */
  failed: 1,
  /** The command line or the configuration is wrong: nothing was tried (specification §11). */
  usage: 2,
  /** Something should be looked at, and nothing is wrong. */
  warning: 3,
} as const

/**
 * What a command cannot do: one sentence that says what is wrong, and the next step. It is shown as it is, without a stack
 * unless `--verbose` asks for one. It holds no token and no secret value.
 */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly status: number

  constructor(message: string, options: ErrorOptions & { readonly status?: number } = {}) {
    super(message, options)
    this.status = options.status ?? exitStatus.failed
  }
}

/** The command line, or what it names, is wrong: nothing was tried (specification §11). */
export const wrongUsage = (message: string, options: ErrorOptions = {}): CommandFailure =>
  new CommandFailure(message, { ...options, status: exitStatus.usage })

/** Why a file cannot be read, for the end of a sentence. */
export const whyUnreadable = (error: unknown): string => {
  const code = codeOf(error)
  return code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`
}

/** What whatever was thrown says of itself. */
export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
