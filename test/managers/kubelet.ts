import { execFileSync } from 'node:child_process'
import { expanded } from '../../lib/manager-testing/kubelet.ts'
import type { Json } from '../support/pods.ts'

/** The Secrets of a namespace: name → key → content. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>

/**
 * The variables with which the kubelet starts a container (`makeEnvironmentVariables`): one after another, the last of a
 * name wins, a value may refer to those before it, and a reference to what is not there is skipped where it is optional,
 * or else an error.
 */
export const environmentOf = (container: Json, secrets: Secrets): Readonly<Record<string, string>> => {
  const environment: Record<string, string> = {}
  for (const { name, value = '', valueFrom } of container.env ?? []) {
    const text = valueFrom === undefined ? expanded(value, environment) : referredTo(valueFrom, secrets)
    if (text !== undefined) environment[name] = text
  }
  return environment
}

const referredTo = ({ secretKeyRef }: Json, secrets: Secrets): string | undefined => {
  const { name, key, optional = false } = secretKeyRef
  const content = secrets[name]?.[key]
  if (content === undefined && optional !== true)
    throw new Error(`CreateContainerConfigError: there is no key ${key} in a Secret ${name}`)
  return content === undefined ? undefined : Buffer.from(content).toString()
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
