import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { compileFunction } from 'node:vm'
import { transform } from 'esbuild'
import type { ConfigProblem } from '../../lib/config/problem.ts'
import { isObject, type JsonObject } from '../../lib/json.ts'
import * as kit from '../../lib/manager-kit/kit.ts'
import { builtIn } from '../../lib/managers/built-in.ts'
import { outside, type OutsideDefinition } from '../../lib/managers/outside.ts'
import type { AnyDefinition } from '../../lib/managers/any-definition.ts'
import { formatPath } from '../../lib/yaml/path.ts'
import { valueAt } from '../../lib/yaml/plain-data.ts'
import { readWebhookYaml } from '../../lib/webhook-yaml.ts'
import { sentenceOf } from '../failure.ts'
import { bundleManager, kitName } from './bundled-manager.ts'

/** The managers that a configuration brings, each with its `origin`. */
export interface OutsideManagers {
  readonly managers: readonly AnyDefinition[]
  /** Why some cannot be had. */
  readonly problems: readonly ConfigProblem[]
}

/** Loads the managers that a configuration names by `function.managers.<name>.from` (specification §4.9). */
export const loadOutsideManagers = async (text: string, configFile: string): Promise<OutsideManagers> => {
  const document = readWebhookYaml(text)
  const entries = valueAt(document.value, ['function', 'managers'])
  const named = Object.entries(isObject(entries) ? entries : {}).flatMap(([name, entry]) =>
    isObject(entry) && typeof entry['from'] === 'string' ? [{ name, from: entry['from'] }] : [],
  )
  const loaded = await Promise.all(
    named.map(async ({ name, from }) => ({ name, ...(await load(name, from, configFile)) })),
  )
  return {
    managers: loaded.flatMap(({ manager = [] }) => manager),
    problems: loaded.flatMap(({ name, problems = [] }) => {
      const path = ['function', 'managers', name, 'from']
      return problems.map((message) => ({ path: formatPath(path), line: document.lineOf(path), message }))
    }),
  }
}

interface Loaded {
  readonly manager?: AnyDefinition
  readonly problems?: readonly string[]
}

const load = async (name: string, from: string, configFile: string): Promise<Loaded> => {
  const unusable = (...whys: readonly string[]): Loaded => ({
    problems: whys.map((why) => `cannot be used: ${why}`),
  })
  if (builtIn.some((manager) => manager.name === name))
    return unusable('this project has a manager of that name; give yours another')
  const file = fileOf(from, configFile)
  if (file === undefined) return unusable(`there is no file or package ${from}`)
  const bundled = await bundleManager(file)
  if (bundled.kind === 'problems') return unusable(...bundled.problems)
  let exported: unknown
  try {
    exported = await evaluate(bundled.code)
  } catch (error) {
    return unusable(`it fails while it is loaded (${sentenceOf(error)})`)
  }
  if (!isDefinition(exported)) return unusable('its default export has to be what defineManager makes')
  const wrong = whyUnfit(name, { ...exported })
  if (wrong !== undefined) return unusable(wrong)
  const { code, sha256 } = bundled
  return { manager: { ...outside(exported), origin: { from, code, sha256 } } }
}

/** A path that begins with a dot or a slash is a file beside the configuration; anything else a package that is installed there. */
const fileOf = (from: string, configFile: string): string | undefined => {
  const require = createRequire(configFile)
  try {
    return require.resolve(/^[./]/.test(from) ? resolve(dirname(configFile), from) : from)
  } catch {
    return undefined
  }
}

/** The default export of a manager's code. Its kit is this very instance of it. */
const evaluate = async (code: string): Promise<unknown> => {
  const commonJs = await transform(code, { format: 'cjs', target: 'node24' })
  const module = { exports: {} as { default?: unknown } }
  const require = (name: string): unknown => {
    if (name === kitName) return kit
    throw new Error(`it imports ${name}`)
  }
  const run = compileFunction(commonJs.code, ['module', 'exports', 'require'])
  Reflect.apply(run, undefined, [module, module.exports, require])
  return module.exports.default
}

/** Names that every entry of `function.managers` has. */
const reservedKeys = ['from', 'groups', 'sha256']
const namePattern = /^[A-Z][A-Za-z0-9]{0,62}$/

const isDefinition = (exported: unknown): exported is OutsideDefinition =>
  isObject(exported) && typeof exported['create'] === 'function'

/** Why a definition cannot have this name here, or is none: its author may have written JavaScript. */
const whyUnfit = (name: string, definition: JsonObject): string | undefined => {
  const { keys } = definition
  if (definition['name'] !== name)
    return `it is called ${String(definition['name'])}, and has to be named so here`
  if (!namePattern.test(name)) return 'its name has to be letters and digits, the first a capital'
  if (typeof definition['summary'] !== 'string' || definition['summary'] === '')
    return 'its definition needs a summary'
  if (!isObject(keys)) return 'its definition needs keys, if only {}'
  const reserved = reservedKeys.find((key) => Object.hasOwn(keys, key))
  if (reserved !== undefined)
    return `its key ${reserved} has to be called otherwise: every manager has one of that name`
  const foreign = ['section', 'own', 'isAlwaysAsked', 'reads', 'origin'].find(
    (field) => definition[field] !== undefined,
  )
  return foreign && `its definition has ${foreign}, which only managers of this project have`
}
