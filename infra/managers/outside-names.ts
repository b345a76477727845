import type { ConfigProblem } from '../../lib/config/problem.ts'
import { isObject } from '../../lib/json.ts'
import { readWebhookYaml } from '../../lib/webhook-yaml.ts'
import { formatPath } from '../../lib/yaml/path.ts'
import { valueAt } from '../../lib/yaml/plain-data.ts'
import type { OutsideManagerDefinition } from './guarded.ts'

/** The managers that a configuration adds. */
export interface OutsideManagers {
  readonly managers: readonly OutsideManagerDefinition[]
  /** Why some cannot be loaded. */
  readonly problems: readonly ConfigProblem[]
  /** Returns the problem of a manager, at the line of the configuration that names its code. */
  readonly problemOf: (name: string, why: string) => ConfigProblem
}

/** Returns the managers that a configuration adds with `function.managers.<name>.from`. `from` can be written in any case. */
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
