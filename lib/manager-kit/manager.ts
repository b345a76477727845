import type { NonEmpty, WebhookError } from '../errors.ts'
import { makesFilesOnly, needsLinux } from './reason.ts'
import type { FetchStep, PullContainer, Source, Want } from './wants.ts'
import { discovery, filePath, type PossiblePath, secretsDirectory, variableName } from '../request/names.ts'
import type { SecretRequest } from '../request/secret-request.ts'

/** A manager's answer to a request. Only `not-mine` passes it to the next manager (specification §3). */
export type Resolution =
  /** A warning tells the pod's creator what the pod or the operator prevents the manager from doing. */
  | { readonly kind: 'found'; readonly wants: NonEmpty<Want>; readonly warnings?: readonly string[] }
  | { readonly kind: 'not-mine'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: WebhookError }

/** What managers may know about the pod. Its author writes everything except namespace, cluster and user. */
export interface PodFacts {
  /** The namespace of the admission request: the pod itself may lack it. */
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** `spec.os.name`, if the pod sets it. */
  readonly os?: string
  /** The names of its containers, as received. */
  readonly initContainers: readonly string[]
  readonly containers: readonly string[]
  /** The cluster of the request; undefined if no token proves it. */
  readonly cluster: string | undefined
  /** The user of the cluster who creates the pod. */
  readonly user: string
  /** Whether its variables can come from files (`function.envFiles`, specification §4.8). */
  readonly envFiles: boolean
}

/** One way to bring secrets into a pod. */
export interface SecretManager {
  readonly name: string
  /** Returns what the request wants for the pod. A manager without a store answers at once. */
  resolve(request: SecretRequest, pod: PodFacts, signal: AbortSignal): Resolution | Promise<Resolution>
  /** Makes the init containers for all fetches of a pod. Only a manager that wants fetches has it. */
  pullContainers?(steps: NonEmpty<FetchStep>): NonEmpty<PullContainer>
}

/** A manager that answers at once: it has no store and awaits nothing. */
export interface PureManager extends SecretManager {
  resolve(request: SecretRequest, pod: PodFacts): Resolution
}

export const notMine = (reason: string): Resolution => ({ kind: 'not-mine', reason })

/** A variable of plain text. */
export const literal = (name: string, text: string): Want => ({
  kind: 'variable',
  name,
  sources: [{ kind: 'literal', value: text }],
})

/** What a secret needs to arrive as a variable: the variable, `env_var` with the same content, and the discovery variable. */
export const asVariable = (
  request: SecretRequest,
  {
    group,
    envVarPrefix,
    source,
  }: { readonly group: string; readonly envVarPrefix: string; readonly source: Source },
): NonEmpty<Want> => asVariables(variableNames(request, envVarPrefix, group), envVarPrefix, source)

/** The variables that a secret arrives as. */
export const variableNames = (
  { key, envVar }: SecretRequest,
  envVarPrefix: string,
  group: string,
): readonly string[] => [variableName(envVarPrefix, group, key), envVar].filter((name) => name !== '')

/** Variables with the same content, and the discovery variable. */
export const asVariables = (
  names: readonly string[],
  envVarPrefix: string,
  source: Source,
): NonEmpty<Want> => [
  literal(discovery.envPrefix, envVarPrefix),
  ...names.map((name): Want => ({ kind: 'variable', name, sources: [source] })),
]

/** What a secret needs to arrive as a file: the two discovery variables, and `env_var` with its path. */
export const fileVariables = (request: SecretRequest, path: string): readonly Want[] => [
  literal(discovery.defaultDir, secretsDirectory),
  literal(discovery.filePrefix, ''),
  ...(request.envVar === '' ? [] : [literal(request.envVar, path)]),
]

/** The path of a secret's file for a manager that makes files only, or why the request is not for that manager. */
export const fileOnly = (request: SecretRequest, ...parts: readonly string[]): PossiblePath =>
  request.mountRequirement === 'ENV_VAR' ? { kind: 'unusable', why: makesFilesOnly } : filePath(...parts)

/** Why no Linux container can run in the pod, or undefined: on a Windows node it would never start. */
export const whyNoLinuxContainer = ({ os }: PodFacts): string | undefined =>
  os === 'windows' ? needsLinux : undefined
