import { described, optionsOf } from '../../lib/config/described-manager.ts'
import type { Config } from '../../lib/config/config.ts'
import type { ParsedConfig } from '../../lib/config/parse.ts'
import type { ConfigProblem } from '../../lib/config/problem.ts'
import { isNonEmpty } from '../../lib/errors.ts'
import { hostOf } from '../../lib/secret-managers.ts'
import { sentenceOf } from '../failure.ts'
import type { OutsideManagers } from './outside-names.ts'
import { WrongSaying } from './sayings.ts'

/**
 * Returns a configuration if its outside managers work with it: each describes itself, and those in use are created. A failure is
 * a problem of the configuration.
 */
export const tryManagers = (
  { managers, problemOf }: Pick<OutsideManagers, 'managers' | 'problemOf'>,
  parse: () => ParsedConfig,
): ParsedConfig => {
  try {
    const parsed = parse()
    const problems = parsed.kind === 'config' ? failuresOf(managers, parsed.config) : []
    return wrong(
      problems.map(({ name, why }) => problemOf(name, why)),
      parsed,
    )
  } catch (error) {
    if (!(error instanceof WrongSaying)) throw error
    return { kind: 'problems', problems: [problemOf(error.manager, error.message)], notices: [] }
  }
}

const wrong = (problems: readonly ConfigProblem[], parsed: ParsedConfig): ParsedConfig =>
  isNonEmpty(problems) ? { kind: 'problems', problems, notices: parsed.notices } : parsed

const failuresOf = (managers: OutsideManagers['managers'], config: Config) =>
  managers.flatMap((manager) => {
    described(manager, config)
    if (!config.webhook.secretManagerTypes.includes(manager.name)) return []
    const { failure } = manager.create(optionsOf(manager, config), hostOf(config))
    return failure === undefined
      ? []
      : [{ name: manager.name, why: `its create throws: ${sentenceOf(failure.cause)}` }]
  })
