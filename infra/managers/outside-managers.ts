import { dirname } from 'node:path'
import { shapeOfKeys } from '../../lib/config/manager-keys.ts'
import { isObject, type JsonObject } from '../../lib/json.ts'
import type { Key, Keys } from '../../lib/manager-kit/keys.ts'
import { builtIn } from '../../lib/managers/built-in.ts'
import type { OutsideDefinition } from '../../lib/managers/outside.ts'
import { bundleManager } from './bundled-manager.ts'
import { guarded, type OutsideManagerDefinition } from './guarded.ts'
import { type OutsideManagers, readNames } from './outside-names.ts'
import { wrongSayingOf } from './sayings.ts'
import { evaluate } from './evaluated.ts'

/** Loads the managers that a configuration adds with `function.managers.<name>.from` (specification §4.9). */
export const loadOutsideManagers = async (text: string, configFile: string): Promise<OutsideManagers> => {
  const { named, problemOf } = readNames(text)
  const loaded = await Promise.all(
    named.map(async ({ name, from }) => ({ name, ...(await load(name, from, configFile)) })),
  )
  return {
    managers: loaded.flatMap(({ manager = [] }) => manager),
    problems: loaded.flatMap(({ name, problems = [] }) => problems.map((why) => problemOf(name, why))),
    problemOf,
  }
}

interface Loaded {
  readonly manager?: OutsideManagerDefinition
  readonly problems?: readonly string[]
}

const load = async (name: string, from: string, configFile: string): Promise<Loaded> => {
  const unusable = (...problems: readonly string[]): Loaded => ({ problems })
  if (builtIn.some((manager) => manager.name === name))
    return unusable('this project already has a manager of that name; choose another')
  const bundled = await bundleManager(from, dirname(configFile))
  if (bundled.kind === 'problems') return unusable(...bundled.problems)
  const evaluated = await evaluate(bundled)
  if (evaluated.kind === 'problem') return unusable(evaluated.problem)
  const exported = evaluated.value
  if (!isDefinition(exported)) return unusable('its default export must come from defineManager')
  const wrong = whyUnfit(name, exported)
  if (wrong !== undefined) return unusable(wrong)
  const { code, sha256 } = bundled
  return { manager: guarded(exported, { from, code, sha256 }) }
}

/** Names that every entry of `function.managers` has, in lower case: a configuration can write them in any case. */
const reservedKeys = ['from', 'groups', 'sha256']
const namePattern = /^[A-Z][A-Za-z0-9]{0,62}$/

/** Fields that only managers of this project have. */
const ownFields = [
  'section',
  'sectionHelp',
  'own',
  'isAlwaysAsked',
  'isNoticedUnasked',
  'isOfFlyte2',
  'reads',
  'origin',
]

const isDefinition = (exported: unknown): exported is OutsideDefinition =>
  isObject(exported) && typeof exported['create'] === 'function'

/** Says why a definition is invalid, or cannot have this name. Its author may have written JavaScript, so nothing is certain. */
const whyUnfit = (name: string, definition: OutsideDefinition): string | undefined => {
  const fields: JsonObject = { ...definition }
  if (fields['name'] !== name)
    return typeof fields['name'] === 'string'
      ? `its name is ${fields['name']}: use that name here, or change it to ${name}`
      : 'its definition needs a name'
  if (!namePattern.test(name)) return 'its name must be letters and digits, with an initial capital'
  if (typeof fields['summary'] !== 'string' || fields['summary'] === '')
    return 'its definition needs a summary'
  const wrong = wrongSayingOf(definition)
  if (wrong !== undefined) return `its ${wrong} is unknown to the kit`
  const foreign = ownFields.find((field) => fields[field] !== undefined)
  if (foreign !== undefined)
    return `its definition has ${foreign}, which only managers of this project can have`
  return isObject(fields['keys']) ? whyUnfitKeys(definition.keys) : 'its definition needs keys, if only {}'
}

const whyUnfitKeys = (keys: Keys): string | undefined => {
  const names = Object.keys(keys)
  const [none] = Object.entries(keys).find(([, key]) => !isKey(key)) ?? []
  if (none !== undefined) return `its key ${none} is not a key that defineManager accepts`
  const reserved = names.find((key) => reservedKeys.includes(key.toLowerCase()))
  if (reserved !== undefined)
    return `rename its key ${reserved}: every manager already has a key of that name`
  const twice = names.find((key, index) =>
    names.slice(0, index).some((other) => other.toLowerCase() === key.toLowerCase()),
  )
  return twice && `its key ${twice} exists twice: a configuration ignores the case of keys`
}

/** Without TypeScript, a key can be anything. */
const isKey = (one: Key): boolean => {
  try {
    shapeOfKeys({ one })
    return true
  } catch {
    return false
  }
}
