import { execFileSync } from 'node:child_process'
import { expanded } from '../../lib/manager-testing/kubelet.ts'
import type { Json } from '../support/pods.ts'

/** The Secrets of a namespace: name → key → content. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>

/** The sources that variables refer to. */
export interface Referred {
  readonly secrets: Secrets
  /** Returns the current content of a volume's file, or undefined if it does not exist. */
  readonly fileIn?: (volume: string, path: string) => Uint8Array | undefined
}

/**
 * Returns a container's variables as the kubelet creates them, in order (`makeEnvironmentVariables`). The last of a name wins.
 * A value can refer to earlier variables; values from references are not expanded. A reference without a target is skipped if
 * optional, and otherwise an error.
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
    throw new Error(`CreateContainerConfigError: no key ${key} in a Secret ${name}`)
  return content === undefined ? undefined : Buffer.from(content).toString()
}

/** Kubernetes 1.37, `kubelet_pods.go`: a missing file is an error even if optional, and an empty value counts as missing. */
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

/** Go's `bufio.MaxScanTokenSize`, minus one. */
const maxLineBytes = 65_535

/**
 * Parses an env file more strictly than `pkg/kubelet/util/env`: only `NAME='value'`, in UTF-8. That parser would drop the `\r`
 * of a Windows line end.
 */
const variablesOf = (content: Uint8Array): ReadonlyMap<string, string> => {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  const isRead = /^(?:[A-Za-z_]\w*='[^'\0]*'\n)*$/.test(text) && !text.includes('\r\n')
  if (!isRead || text.split('\n').some((line) => Buffer.byteLength(line) > maxLineBytes))
    throw new Error("CreateContainerConfigError: couldn't parse env file")
  return new Map([...text.matchAll(/(\w+)='([^']*)'\n/g)].map(([, name = '', value = '']) => [name, value]))
}

/** Runs a script like a container with `sh -ec`. */
export const run = (script: string, environment: Readonly<Record<string, string>> = {}): string =>
  execFileSync('sh', ['-ec', script], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', ...environment } })

/** Returns a shell function that prints each call of a command with all its words, then ends with a status. */
export const recording = (command: string, status = 'return 0'): string =>
  `${command}() { printf '%s\\0' ${command} "$@"; printf '\\0'; ${status}; }\n`

/** Returns the recorded calls, each as its words. */
export const callsIn = (output: string): readonly (readonly string[])[] =>
  output
    .split('\0\0')
    .slice(0, -1)
    .map((words) => words.split('\0'))
