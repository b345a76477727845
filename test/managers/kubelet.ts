import { execFileSync } from 'node:child_process'
import { expanded } from '../../lib/manager-testing/kubelet.ts'
import type { Json } from '../support/pods.ts'

/** The Secrets of a namespace: name → key → content. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>

/** What references of variables refer to. */
export interface Referred {
  readonly secrets: Secrets
  /** The file of a volume as it is now; undefined where there is none. */
  readonly fileIn?: (volume: string, path: string) => Uint8Array | undefined
}

/**
 * The variables with which the kubelet starts a container (`makeEnvironmentVariables`): one after another, the last of a
 * name wins, a value may refer to those before it, and a reference to what is not there is skipped where it is optional,
 * or else an error. What is referred to is not expanded.
 */
export const environmentOf = (container: Json, referred: Referred): Readonly<Record<string, string>> => {
  const environment: Record<string, string> = {}
  for (const { name, value = '', valueFrom } of container.env ?? []) {
    const text = valueFrom === undefined ? expanded(value, environment) : referredTo(valueFrom, referred)
    if (text !== undefined) environment[name] = text
  }
  return environment
}

const referredTo = (
  { secretKeyRef, fileKeyRef }: Json,
  { secrets, fileIn = () => undefined }: Referred,
): string | undefined => {
  if (fileKeyRef !== undefined) return variableOfFile(fileKeyRef, fileIn)
  const { name, key, optional = false } = secretKeyRef
  const content = secrets[name]?.[key]
  if (content === undefined && optional !== true)
    throw new Error(`CreateContainerConfigError: there is no key ${key} in a Secret ${name}`)
  return content === undefined ? undefined : Buffer.from(content).toString()
}

/** Kubernetes 1.37, `kubelet_pods.go`: a file that is not there is an error even where it is optional, and an empty value is none. */
const variableOfFile = (
  { volumeName, path, key, optional = false }: Json,
  fileIn: NonNullable<Referred['fileIn']>,
): string | undefined => {
  const content = fileIn(volumeName, path)
  if (content === undefined)
    throw new Error(
      `CreateContainerConfigError: couldn't parse env file: there is no ${path} in ${volumeName}`,
    )
  const value = variablesOf(content).get(key) ?? ''
  if (value === '' && optional !== true)
    throw new Error(`CreateContainerConfigError: environment variable key ${key} not found in file ${path}`)
  return value === '' ? undefined : value
}

/** Go's `bufio.MaxScanTokenSize`, less one. */
const maxLineBytes = 65_535

/**
 * The variables of an env file, more strictly than `pkg/kubelet/util/env`: `NAME='value'` and nothing else, in UTF-8. A line end of
 * Windows would lose its `\r` there.
 */
const variablesOf = (content: Uint8Array): ReadonlyMap<string, string> => {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  const isRead = /^(?:[A-Za-z_]\w*='[^'\0]*'\n)*$/.test(text) && !text.includes('\r\n')
  if (!isRead || text.split('\n').some((line) => Buffer.byteLength(line) > maxLineBytes))
    throw new Error("CreateContainerConfigError: couldn't parse env file")
  return new Map([...text.matchAll(/(\w+)='([^']*)'\n/g)].map(([, name = '', value = '']) => [name, value]))
}

/** Runs a script as a container with `sh -ec` does. */
export const run = (script: string, environment: Readonly<Record<string, string>> = {}): string =>
  execFileSync('sh', ['-ec', script], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', ...environment } })

/** A shell function that writes each call of a command with all its words, and ends with a status. */
export const recording = (command: string, status = 'return 0'): string =>
  `${command}() { printf '%s\\0' ${command} "$@"; printf '\\0'; ${status}; }\n`

/** The calls that were written, each as its words. */
export const callsIn = (output: string): readonly (readonly string[])[] =>
  output
    .split('\0\0')
    .slice(0, -1)
    .map((words) => words.split('\0'))
