import type { ParsedConfig } from '../../../lib/config/parse.ts'
import { isNonEmpty } from '../../../lib/errors.ts'
import type { AnyDefinition } from '../../../lib/managers/any-definition.ts'
import { builtIn } from '../../../lib/managers/built-in.ts'
import { parseConfig, parserWith } from '../../../lib/webhook-yaml.ts'
import type { LoadedConfig } from '../../config/config-file.ts'
import type { OutsideManagerDefinition } from '../../managers/guarded.ts'
import { readNames } from '../../managers/outside-names.ts'
import { tryManagers } from '../../managers/tried.ts'
import { builtManagers } from './built-managers.ts'

/** A text parsed as a configuration, and the managers that it can name. */
export interface Configured {
  readonly parsed: ParsedConfig
  readonly definitions: readonly AnyDefinition[]
}

const notBuiltIn = 'this page does not include it. To include it, run flyte-webhook playground --config FILE'

/** Reads the text of a `webhook.yaml` as a build does, with the managers from outside that the page includes. */
export const configuredBy = (
  text: string,
  built: readonly OutsideManagerDefinition[] = builtManagers,
): Configured => {
  const { named, problemOf } = readNames(text)
  if (named.length === 0) return { parsed: parseConfig(text), definitions: builtIn }
  const managers = built.filter(({ name, origin }) =>
    named.some((one) => one.name === name && one.from === origin.from),
  )
  const definitions = [...builtIn, ...managers]
  const problems = named
    .filter(({ name }) => !managers.some((manager) => manager.name === name))
    .map(({ name }) => problemOf(name, notBuiltIn))
  const parsed: ParsedConfig = isNonEmpty(problems)
    ? { kind: 'problems', problems, notices: [] }
    : tryManagers({ managers, problemOf }, () => parserWith(managers)(text))
  return { parsed, definitions }
}

/** Returns the configuration in a text, with its managers, or undefined if the text is invalid. */
export const loadedBy = (text: string): LoadedConfig | undefined => {
  const { parsed, definitions } = configuredBy(text)
  return parsed.kind === 'config' ? { config: parsed.config, definitions } : undefined
}
