import { contentVariable } from '../../lib/managers/embedded-files.ts'
import type { Traced } from '../../lib/managers/lookup.ts'
import { plainEnvVar } from '../../lib/pod/variables.ts'
import { discovery } from '../../lib/request/names.ts'
import type { Want } from '../../lib/manager-kit/wants.ts'
import { isObject, type JsonObject } from '../../lib/json.ts'
import { readSecretRequest } from '../../lib/request/secret-request.ts'
import { redacted } from '../../lib/secret-value.ts'
import { valuesOfPod } from './decoded-request.ts'
import type { RequestFields } from './readable-request.ts'

/** Hides the values of secrets in JSON. */
export type Mask = (json: unknown) => unknown

/**
 * Creates a mask for the values of secrets in every EnvVar of a pod, its patch, or a part of either. It hides an EnvVar by name,
 * not by value, because a pod that was served before can hold an older value. It hides every variable that serves or served a
 * request, by any webhook: those with the configured prefix, with a prefix that the pod itself gives, or named by `env_var`.
 * Plain text such as the path of a file stays visible.
 */
export const createMask = (
  pod: JsonObject | undefined,
  traced: readonly Traced[],
  envVarPrefix: string,
): Mask => {
  const prefixes = [envVarPrefix, ...prefixesIn(pod)]
  const wants = traced.flatMap(wantsOf)
  const open = new Set(wants.flatMap(openEntries))
  const secret = new Set([
    ...wants.flatMap(secretVariables),
    ...requestsOf(pod).flatMap(({ envVar, key }) => [envVar, contentVariable(key)]),
  ])
  const isHidden = (name: string, value: string): boolean =>
    (secret.has(name) || prefixes.some((prefix) => name.startsWith(prefix))) &&
    !open.has(entryKey(name, value))
  const mask: Mask = (json) => {
    if (Array.isArray(json)) return json.map(mask)
    if (!isObject(json)) return json
    const { name, value } = json
    const inner = Object.entries(json).map(([key, each]) => [key, mask(each)] as const)
    return typeof name === 'string' && typeof value === 'string' && isHidden(name, value)
      ? { ...Object.fromEntries(inner), value: redacted }
      : Object.fromEntries(inner)
  }
  return mask
}

/** Returns all requests of a pod, even if the webhook ignores it: it may have been served before. */
const requestsOf = (pod: JsonObject | undefined): readonly RequestFields[] =>
  valuesOfPod(pod ?? {}).flatMap(({ annotation, value }) => {
    const read = readSecretRequest(annotation, value)
    return read.kind === 'request' ? [read.request] : []
  })

/** Returns the prefixes of secret variables in the containers of a pod that was served before. */
const prefixesIn = (json: unknown): readonly string[] => {
  if (Array.isArray(json)) return json.flatMap(prefixesIn)
  if (!isObject(json)) return []
  const { name, value } = json
  if (name === discovery.envPrefix && typeof value === 'string') return value === '' ? [] : [value]
  return Object.values(json).flatMap(prefixesIn)
}

const entryKey = (name: string, value: unknown): string => JSON.stringify([name, value])

const wantsOf = ({ asked }: Traced): readonly Want[] => {
  const said = asked.at(-1)?.said
  return said?.kind === 'found' ? said.wants : []
}

/** Returns the variables of plain text, as they appear in the pod. */
const openEntries = (want: Want): readonly string[] => {
  if (want.kind !== 'variable') return []
  const { name, sources } = want
  return sources.flatMap((source) =>
    source.kind === 'literal' && typeof source.value === 'string'
      ? [entryKey(name, plainEnvVar(name, source.value)['value'])]
      : [],
  )
}

/** Returns the names of all other variables, in the pod's containers and in those of the webhook. */
const secretVariables = (want: Want): readonly string[] => {
  if (want.kind === 'variable') return openEntries(want).length === want.sources.length ? [] : [want.name]
  if (want.kind !== 'fetch') return []
  return (want.step.env ?? [])
    .filter((variable) => !('value' in variable && typeof variable.value === 'string'))
    .map(({ name }) => name)
}
