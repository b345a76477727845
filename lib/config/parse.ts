import { isNonEmpty, type NonEmpty } from '../errors.ts'
import type { AnyDescription } from '../manager-kit/definition.ts'
import type { Config } from './config.ts'
import { findConflicts, findFlyte2Keys } from './conflicts.ts'
import { type Flaw, readDocument, type YamlDocument } from '../yaml/document.ts'
import { createFlyteLoader } from './flyte-loader.ts'
import { findNotices } from './notices.ts'
import { type ConfigProblem, type ConfigFinding } from './problem.ts'
import { formatPath, isOnPath } from '../yaml/path.ts'
import { resolveConfig } from './resolve.ts'
import { createSchema, type WebhookYaml } from './schema.ts'
import { validate } from './validation.ts'

/** A configuration, or all problems of the text; and the notices for its author. */
export type ParsedConfig =
  | { readonly kind: 'config'; readonly config: Config; readonly notices: readonly ConfigProblem[] }
  | {
      readonly kind: 'problems'
      readonly problems: NonEmpty<ConfigProblem>
      readonly notices: readonly ConfigProblem[]
    }

/** Finds the problems of a configuration for one use of it, such as registering it. Sees only the file's own keys. */
export type ConfigRule = (input: WebhookYaml) => readonly ConfigFinding[]

/**
 * Reads the text of a `webhook.yaml`. An empty text gives the default configuration. Checks `rules` in addition to those that apply
 * to every use.
 */
export type ParseConfig = (text: string, rules?: readonly ConfigRule[]) => ParsedConfig

/** Creates a parser that knows these managers. Runs when the bundle is built, never in the bundle. */
export const createConfigParser = (managers: readonly AnyDescription[]): ParseConfig => {
  const schema = createSchema(managers)
  const loader = createFlyteLoader(schema)
  return (text, rules = []) => {
    const document = readDocument(text, loader)
    const { input, findings } = validate(schema, document.value ?? {})
    const wrong = [...document.flaws, ...findings].map(({ path }) => path)
    const isSure = ({ reads = [] }: ConfigFinding): boolean =>
      !reads.some((read) => wrong.some((path) => isOnPath(path, read)))

    const conflicts = [
      ...findFlyte2Keys(input, document.value, managers),
      ...findConflicts(input, managers),
      ...rules.flatMap((find) => find(input)),
    ]
    const problems = [
      ...document.flaws.map(withPathWritten),
      ...[...findings, ...conflicts.filter(isSure)].map(locateIn(document)),
    ].toSorted(byLine)
    const config = resolveConfig(input, managers)
    const notices = [
      ...document.notices.map(withPathWritten),
      ...findNotices(input, config, managers).filter(isSure).map(locateIn(document)),
    ].toSorted(byLine)
    return isNonEmpty(problems)
      ? { kind: 'problems', problems, notices }
      : { kind: 'config', config, notices }
  }
}

const withPathWritten = (flaw: Flaw): ConfigProblem => ({ ...flaw, path: formatPath(flaw.path) })

const locateIn =
  (document: YamlDocument) =>
  ({ path, message }: ConfigFinding): ConfigProblem => ({
    path: formatPath(path),
    line: document.lineOf(path),
    message,
  })

const byLine = (a: ConfigProblem, b: ConfigProblem): number => (a.line ?? 0) - (b.line ?? 0)
