import type { ConfigProblem } from '../../lib/config/problem.ts'
import { isObject } from '../../lib/json.ts'
import { readWebhookYaml } from '../../lib/webhook-yaml.ts'
import { formatPath } from '../../lib/yaml/path.ts'
import { valueAt } from '../../lib/yaml/plain-data.ts'
import type { OutsideManagerDefinition } from './guarded.ts'

/** The managers that a configuration brings. */
export interface OutsideManagers {
  readonly managers: readonly OutsideManagerDefinition[]
  /** Why some cannot be had. */
  readonly problems: readonly ConfigProblem[]
  /** What is wrong with one, where the configuration names its code. */
  readonly problemOf: (name: string, why: string) => ConfigProblem
}

/** Which managers the text of a configuration brings, by `function.managers.<name>.from`. */
export const readNames = (text: string) => {
  const document = readWebhookYaml(text)
  const entries = valueAt(document.value, ['function', 'managers'])
  return {
    named: Object.entries(isObject(entries) ? entries : {}).flatMap(([name, entry]) =>
      isObject(entry) && typeof entry['from'] === 'string' ? [{ name, from: entry['from'] }] : [],
    ),
    problemOf: (name: string, why: string): ConfigProblem => {
      const path = ['function', 'managers', name, 'from']
      return { path: formatPath(path), line: document.lineOf(path), message: `cannot be used: ${why}` }
    },
  }
}
