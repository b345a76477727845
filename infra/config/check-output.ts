import type { Config } from '../../lib/config/config.ts'
import { alwaysAsked } from '../../lib/managers/built-in.ts'
import type { ParsedFile } from './config-file.ts'

/** What `config check` says of a valid configuration. */
export const outlineOf = ({ webhook, function: { profile }, digest }: Config) => ({
  profile,
  /** In the order in which they are asked (specification §3). */
  managers: [...new Set([...alwaysAsked, ...webhook.secretManagerTypes])],
  digest,
})

/** The same as JSON, with everything that was found. */
export const checkedJson = ({ file, parsed }: ParsedFile) =>
  parsed.kind === 'problems'
    ? { file, problems: parsed.problems, notices: parsed.notices }
    : { file, problems: [], notices: parsed.notices, ...outlineOf(parsed.config) }
