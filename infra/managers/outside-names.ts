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

/** Which managers the text of a configuration brings, by `function.managers.<name>.from`; `from` may stand there in any case. */
export const readNames = (text: string) => {
  const document = readWebhookYaml(text)
  const entries = valueAt(document.value, ['function', 'managers'])
  const named = Object.entries(isObject(entries) ? entries : {}).flatMap(([name, entry]) => {
    const [key, from] = Object.entries(isObject(entry) ? entry : {}).find(isFrom) ?? []
    return key === undefined || typeof from !== 'string' ? [] : [{ name, key, from }]
  })
  return {
    named,
    problemOf: (name: string, why: string): ConfigProblem => {
      const key = named.find((one) => one.name === name)?.key ?? 'from'
      const path = ['function', 'managers', name]
      return {
        path: formatPath([...path, 'from']),
        line: document.lineOf([...path, key]),
        message: `cannot be used: ${why}`,
      }
    },
  }
}

const isFrom = ([key]: readonly [string, unknown]): boolean => key.toLowerCase() === 'from'
