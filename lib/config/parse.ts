import { isNonEmpty, type NonEmpty } from '../errors.ts'
import type { Config } from './config.ts'
import { findConflicts } from './conflicts.ts'
import { readDocument, type YamlDocument } from './document.ts'
import { findNotices } from './notices.ts'
import { type ConfigProblem, type Finding, formatPath, isOnPath } from './problem.ts'
import { resolveConfig } from './resolve.ts'
import type { WebhookYaml } from './schema.ts'
import { validate } from './validation.ts'

/** A configuration, or everything that keeps the text from being one; and what its author should know. */
export type ParsedConfig =
  | { readonly kind: 'config'; readonly config: Config; readonly notices: readonly ConfigProblem[] }
  | {
      readonly kind: 'problems'
      readonly problems: NonEmpty<ConfigProblem>
      readonly notices: readonly ConfigProblem[]
    }

/** Finds what is wrong with a configuration for one use of it, such as registering it; sees the file's own keys only. */
export type ConfigRule = (input: WebhookYaml) => readonly Finding[]

/**
 * Reads the text of a `webhook.yaml`. An empty one is the default configuration. `rules` are checked beside those that hold
 * for every use. Runs when the bundle is built, never in it.
 */
export const parseConfig = (text: string, rules: readonly ConfigRule[] = []): ParsedConfig => {
  const document = readDocument(text)
  const { input, findings } = validate(document.value ?? {})
  const wrong = [...document.flaws, ...findings].map(({ path }) => path)
  const isSure = ({ reads = [] }: Finding): boolean =>
    !reads.some((read) => wrong.some((path) => isOnPath(path, read)))

  const conflicts = [findConflicts, ...rules].flatMap((find) => find(input))
  const problems = [
    ...document.flaws.map((flaw) => ({ ...flaw, path: formatPath(flaw.path) })),
    ...[...findings, ...conflicts.filter(isSure)].map(locateIn(document)),
  ].toSorted(byLine)
  const notices = findNotices(input).filter(isSure).map(locateIn(document)).toSorted(byLine)
  return isNonEmpty(problems)
    ? { kind: 'problems', problems, notices }
    : { kind: 'config', config: resolveConfig(input), notices }
}

const locateIn =
  (document: YamlDocument) =>
  ({ path, message }: Finding): ConfigProblem => ({
    path: formatPath(path),
    line: document.lineOf(path),
    message,
  })

const byLine = (a: ConfigProblem, b: ConfigProblem): number => (a.line ?? 0) - (b.line ?? 0)
