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

/** Leaves out of a bundle what its configuration does not need, by putting other modules in the place of some. */
export const configuredOnly = (config: Config, definitions: readonly AnyDefinition[]): Plugin => ({
  name: 'configured-only',
  setup: async (building) => {
    const replace = (filter: RegExp, contents: string): void =>
      building.onLoad({ filter }, ({ path }): OnLoadResult => ({ contents, resolveDir: dirname(path) }))
    const outside = outsideCodeOf(definitions.filter(({ name }) => isAsked(name, config)))
    await outsideCode(outside).setup(building)
    const { globalSecrets, envFiles, managers = {} } = config.function
    replace(/\/lib\/managers\/configured\.[jt]s$/, managersModule(config, outside))
    // What is left out is never called. If it were, the call would fail, and give no pod more than it may have.
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

/** Where no cluster takes env files, no manager wants a variable from one. */
const withoutEnvFiles = `export const allWritten = new Set()
export const envFilesOf = () => ({ unwrittenAt: () => allWritten, refusals: [] })`

const isAsked = (name: string, config: Pick<Config, 'webhook'>): boolean =>
  config.webhook.secretManagerTypes.includes(name)

/** The managers of the configuration in the place of all of them. A manager's module is called as what it exports. */
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

/** Whether a pod may get init containers by this configuration: its managers, made as the function makes them, say so. */
const makesPullContainers = (config: Config, definitions: readonly AnyDefinition[]): boolean => {
  const fetchesNothing = () => ({ fetch: () => Promise.resolve({ kind: 'absent' } as const) })
  const { managers } = createManagers(config, definitions, {
    environment: {},
    fileSystem: { exists: existsSync, readFile },
    awsValues: createAwsValues(config, fetchesNothing),
  })
  return managers.some((manager) => manager.pullContainers !== undefined)
}

/** The configuration as the function reads it: without the keys of managers that it does not have. */
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

/** JSON leaves out what is undefined. */
const absent = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, undefined]))
