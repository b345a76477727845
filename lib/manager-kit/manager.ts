import type { NonEmpty, WebhookError } from '../errors.ts'
import { makesFilesOnly, needsLinux } from './reason.ts'
import type { FetchStep, PullContainer, Source, Want } from './wants.ts'
import { discovery, filePath, type PossiblePath, secretsDirectory, variableName } from '../request/names.ts'
import type { SecretRequest } from '../request/secret-request.ts'

/** What a manager says of a request. Only `not-mine` moves on to the next manager (specification §3). */
export type Resolution =
  /** A warning tells the pod's creator what the pod itself, or the operator, keeps from being as the manager wants it. */
  | { readonly kind: 'found'; readonly wants: NonEmpty<Want>; readonly warnings?: readonly string[] }
  | { readonly kind: 'not-mine'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: WebhookError }

/** What managers may know of the pod that asks. Its author writes everything except namespace, cluster and user. */
export interface PodFacts {
  /** The namespace of the admission request: the pod itself may not name it. */
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** `spec.os.name`, where the pod says it. */
  readonly os?: string
  /** The names of its containers, as it came. */
  readonly initContainers: readonly string[]
  readonly containers: readonly string[]
  /** Which cluster asks; undefined where no token proves it. */
  readonly cluster: string | undefined
  /** Which of the cluster's users creates the pod. */
  readonly user: string
  /** Whether its variables can come from files (`function.envFiles`, specification §4.8). */
  readonly envFiles: boolean
}

/** One way to bring secrets into a pod. */
export interface SecretManager {
  readonly name: string
  /** Says what the request wishes for the pod. A manager that has no store answers at once. */
  resolve(request: SecretRequest, pod: PodFacts, signal: AbortSignal): Resolution | Promise<Resolution>
  /** Makes the init containers that carry out all fetches of a pod; only a manager that wants fetches has it. */
  pullContainers?(steps: NonEmpty<FetchStep>): NonEmpty<PullContainer>
}

/** A manager that answers at once: it has no store, so nothing can be waited for. */
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

/** What a secret that arrives as a variable needs: the variable, `env_var` with the same content, and the discovery variable. */
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

/** Variables of one content, with the discovery variable. */
export const asVariables = (
  names: readonly string[],
  envVarPrefix: string,
  source: Source,
): NonEmpty<Want> => [
  literal(discovery.envPrefix, envVarPrefix),
  ...names.map((name): Want => ({ kind: 'variable', name, sources: [source] })),
]

/** What every secret that arrives as a file needs: the two discovery variables, and `env_var` as its path. */
export const fileVariables = (request: SecretRequest, path: string): readonly Want[] => [
  literal(discovery.defaultDir, secretsDirectory),
  literal(discovery.filePrefix, ''),
  ...(request.envVar === '' ? [] : [literal(request.envVar, path)]),
]

/** The path of a secret's file for a manager that makes files only, or why it is not that manager's. */
export const fileOnly = (request: SecretRequest, ...parts: readonly string[]): PossiblePath =>
  request.mountRequirement === 'ENV_VAR' ? { kind: 'unusable', why: makesFilesOnly } : filePath(...parts)

/** Why no Linux container can run in the pod, or undefined: on a Windows node it would never start. */
export const whyNoLinuxContainer = ({ os }: PodFacts): string | undefined =>
  os === 'windows' ? needsLinux : undefined
