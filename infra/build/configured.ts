import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { OnLoadResult, Plugin } from 'esbuild'
import { createAwsValues } from '../../lib/aws-values.ts'
import type { BundledConfig, Config } from '../../lib/config/config.ts'
import { isObject } from '../../lib/json.ts'
import type { AnyDefinition } from '../../lib/managers/any-definition.ts'
import { builtIn, builtInModules } from '../../lib/managers/built-in.ts'
import { createManagers } from '../../lib/secret-managers.ts'
import { codeExtension } from '../project-root.ts'
import { outsideCode, outsideCodeOf, outsideImports } from './outside-code.ts'

/** Leaves code that the configuration does not need out of a bundle, by replacing modules with stubs. */
export const configuredOnly = (config: Config, definitions: readonly AnyDefinition[]): Plugin => ({
  name: 'configured-only',
  setup: async (building) => {
    const replace = (filter: RegExp, contents: string): void =>
      building.onLoad({ filter }, ({ path }): OnLoadResult => ({ contents, resolveDir: dirname(path) }))
    const outside = outsideCodeOf(definitions.filter(({ name }) => isAsked(name, config)))
    await outsideCode(outside).setup(building)
    const { globalSecrets, envFiles, managers = {} } = config.function
    replace(/\/lib\/managers\/configured\.[jt]s$/, managersModule(config, outside))
    // Omitted code is never called. If it were, the call would fail: no pod would get more than it is allowed.
    if (!makesPullContainers(config, definitions))
      replace(/\/lib\/pod\/pulls\.[jt]s$/, 'export const pulling = undefined')
    if (globalSecrets.allow === undefined)
      replace(
        /\/lib\/managers\/group-rules\.[jt]s$/,
        'export const groupRuling = undefined, isGuarded = undefined',
      )
    if (envFiles === undefined) replace(/\/lib\/pod\/env-files\.[jt]s$/, withoutEnvFiles)
    if (!Array.isArray(envFiles))
      replace(/\/lib\/env-files\.[jt]s$/, 'export const takesEnvFiles = (where) => where === true')
    if (Object.values(managers).every(({ groups }) => groups === undefined))
      replace(/\/lib\/managers\/limited\.[jt]s$/, 'export const limitedTo = undefined')
  },
})

/** The stub if no cluster takes env files. No manager then wants a variable from one. */
const withoutEnvFiles = `export const allWritten = new Set()
export const envFilesOf = () => ({ unwrittenAt: () => allWritten, refusals: [] })`

const isAsked = (name: string, config: Pick<Config, 'webhook'>): boolean =>
  config.webhook.secretManagerTypes.includes(name)

/** Returns a module with only the configured managers. Each manager's file is named for its export. */
const managersModule = (config: Config, outside: readonly { readonly name: string }[]): string => {
  const names = Object.entries(builtInModules)
    .filter(([, { name }]) => isAsked(name, config))
    .map(([exported]) => exported)
  const imports = [
    ...names.map((name) => `import { ${name} } from './${name}${codeExtension}'`),
    ...(outside.length === 0 ? [] : [`import { outside } from './outside${codeExtension}'`]),
    ...outsideImports(outside),
  ]
  const made = [...names, ...outside.map((_, index) => `outside(outside${index})`)]
  return `${imports.join('\n')}\nexport const configured = [${made.join(', ')}]\n`
}

/** Whether this configuration can add init containers to a pod. Creates the managers as the function does, and asks them. */
const makesPullContainers = (config: Config, definitions: readonly AnyDefinition[]): boolean => {
  const fetchesNothing = () => ({ fetch: () => Promise.resolve({ kind: 'absent' } as const) })
  const { managers } = createManagers(config, definitions, {
    environment: {},
    fileSystem: { exists: existsSync, readFile },
    awsValues: createAwsValues(config, fetchesNothing),
  })
  return managers.some((manager) => manager.pullContainers !== undefined)
}

/** Returns the configuration as the function reads it, without the keys of managers that the bundle omits. */
export const inlined = ({ function: { registration: _, ...ours }, ...config }: Config): BundledConfig => {
  const unused = builtIn.filter(({ name }) => !isAsked(name, config))
  const sections = unused.flatMap(({ section }) => section ?? [])
  const own = unused.flatMap((manager) => manager.own ?? [])
  const read = own.map(({ section, keys }) => [section, without(Object.keys(keys), ours[section])] as const)
  return {
    ...config,
    webhook: { ...config.webhook, ...absent(sections) },
    function: { ...ours, ...Object.fromEntries(read) },
  }
}

const without = (keys: readonly string[], section: unknown): unknown =>
  isObject(section) ? { ...section, ...absent(keys) } : section

/** JSON omits undefined values. */
const absent = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, undefined]))
