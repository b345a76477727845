import { resolve } from 'node:path'
import { ConfigError } from '../config/config-error.ts'
import { readConfigFile } from '../config/config-file.ts'
import type { Stack } from './fragment.ts'
import { parameterNames, parseParameters } from './parameters.ts'

/** osls' function that resolves variables for a file: `param:exposure`, `self:service`. */
export type ResolveVariable = (variable: string) => Promise<unknown>

/** Returns the stack that serverless.yml describes, or undefined if it has problems, which the plugin reports. */
export const readStack = async (resolveVariable: ResolveVariable): Promise<Stack | undefined> => {
  const parsed = parseParameters(await readParameters(resolveVariable))
  if (parsed.kind === 'problems') return undefined
  const { parameters } = parsed
  const stage = String(await resolveVariable('sls:stage'))
  try {
    return {
      parameters,
      config: (await readConfigFile(resolve(parameters.config), () => undefined)).config,
      name: `${String(await resolveVariable('self:service'))}-${stage}`,
      stage,
      timeoutSeconds: Number(await resolveVariable('self:provider.timeout')),
    }
  } catch (error) {
    if (error instanceof ConfigError) return undefined
    throw error
  }
}

/** Returns all parameters as written, with null for missing ones. */
export const readParameters = async (
  resolveVariable: ResolveVariable,
): Promise<Readonly<Record<string, unknown>>> => {
  const written = parameterNames.map(
    async (name) => [name, await resolveVariable(`param:${name}, null`)] as const,
  )
  return Object.fromEntries(await Promise.all(written))
}
