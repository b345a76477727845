import { type Reason, reasons as shared } from '../../../lib/manager-kit/reason.ts'
import { reasons as ofEnvFiles, unshown as unshownOfEnvFiles } from '../../../lib/manager-kit/env-file.ts'
import { builtInModules } from '../../../lib/managers/built-in.ts'
import type { Entry } from './entry.ts'

/** The exports of a manager's module other than its definition. */
interface Messages {
  readonly reasons: readonly Reason[]
  /** Pieces of commands and templates. */
  readonly unshown: readonly string[]
}

const importMessages = async (module: string): Promise<readonly [string, Partial<Messages>]> => [
  module,
  await import(new URL(`../../../lib/managers/${module}.ts`, import.meta.url).href),
]

const modules = new Map(await Promise.all(Object.keys(builtInModules).map(importMessages)))

/** Returns a manager's explanations of its own messages, by the name of its module. */
export const messagesOfModule = (module: string): Messages => {
  const { reasons = [], unshown = [] } = modules.get(module) ?? {}
  return { reasons, unshown }
}

const own = [...modules.keys()].map(messagesOfModule)
const all = [...shared, ...ofEnvFiles, ...own.flatMap(({ reasons }) => reasons)]

const at = (wanted: Reason['place']): readonly Entry[] =>
  all.filter(({ place = 'denial' }) => place === wanted).map(({ place: _, ...entry }) => entry)

/** The explanations of all managers, by the place where a reader meets the messages. */
export const ofManagers = {
  denials: at('denial'),
  outages: at('outage').map((entry): Entry => ({ ...entry, http: [503] })),
  warnings: at('warning'),
  initContainers: at('init-container'),
  unshown: [...unshownOfEnvFiles, ...own.flatMap(({ unshown }) => unshown)],
}
