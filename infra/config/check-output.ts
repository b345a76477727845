import type { Config } from '../../lib/config/config.ts'
import { alwaysAsked } from '../../lib/managers/built-in.ts'
import type { ParsedFile } from './config-file.ts'

/** Summarises a valid configuration for `config check`. */
export const outlineOf = ({ webhook, function: { profile }, digest }: Config) => ({
  profile,
  /** In the order they are asked (specification §3). */
  managers: [...new Set([...alwaysAsked, ...webhook.secretManagerTypes])],
  digest,
})

/** Returns the same as JSON, with all problems and notices. */
export const checkedJson = ({ file, parsed }: ParsedFile) =>
  parsed.kind === 'problems'
    ? { file, problems: parsed.problems, notices: parsed.notices }
    : { file, problems: [], notices: parsed.notices, ...outlineOf(parsed.config) }
