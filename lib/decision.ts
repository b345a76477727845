import type { Decision } from './admission/response.ts'
import type { AdmissionRequest } from './admission/review.ts'
import { denialOf, messageOf } from './admission/status.ts'
import { isNonEmpty, type NonEmpty, type Refusal, type Result, shown, WebhookError } from './errors.ts'
import type { JsonObject } from './json.ts'
import { takesEnvFiles } from './env-files.ts'
import { lookup, type Traced } from './managers/lookup.ts'
import type { Resolution, SecretManager } from './manager-kit/manager.ts'
import { map, type MaybeLater } from './maybe-later.ts'
import type { Change, Meeting } from './pod/change.ts'
import type { Merged } from './pod/desired.ts'
import { type Found, merge } from './pod/merge.ts'
import { mirrorAnnotation, type Pod, readPod, takesPart } from './pod/pod.ts'
import { type DesiredOrRefused, pulling } from './pod/pulls.ts'
import { type PodPolicy, reconcile } from './pod/reconcile.ts'
import { whyNotStored } from './pod/stored-size.ts'
import { soundWants } from './pod/want-rules.ts'
import { type ReadRequests, readSecretRequests } from './request/annotations.ts'
import { describeRequest } from './request/secret-request.ts'

/** The rules of one configuration for deciding about pods. */
export interface Policy extends PodPolicy {
  /** In the order of asking. */
  readonly managers: readonly SecretManager[]
  /** `function.onFailure`: what happens to a pod if a request is broken or no manager can serve it. */
  readonly onFailure: 'deny' | 'admit'
  /** Where variables can come from files (`function.envFiles`). */
  readonly envFiles: true | readonly string[] | undefined
  /** The digest of the configuration, for the audit log. */
  readonly configDigest: string
}

/** Facts about a decision besides the answer. */
export interface DecisionSummary {
  readonly outcome: 'patched' | 'unchanged' | 'denied' | 'unserved'
  readonly ownerKind?: string
  readonly requested?: number
  readonly injected?: number
  readonly managers?: string
  readonly operations?: number
  readonly reason?: string
}

/** The reasons of a decision, for tools that explain it. No text in it is a secret's value. */
interface Trace {
  /** The requests that cannot be read. */
  readonly broken: readonly Refusal[]
  /** All other requests, with the answer of each manager. */
  readonly traced: readonly Traced[]
}

/** The decision, or that a store does not answer (`store-unavailable`) and nothing can be decided now. */
export type Decided = Trace &
  ({ readonly kind: 'decided'; readonly decision: Decision; readonly summary: DecisionSummary } | Unavailable)

interface Unavailable {
  readonly kind: 'unavailable'
  readonly error: WebhookError
}

/** Decides about one admission request (specification §3 to §6). Fails with `bad-review`. */
export const decide = (
  { request, cluster }: { readonly request: AdmissionRequest; readonly cluster: string | undefined },
  policy: Policy,
  signal: AbortSignal,
): MaybeLater<Decided> => {
  const pod = request.createdPod === undefined ? undefined : takingPart(request.createdPod)
  const read = readSecretRequests(pod?.annotations ?? {})
  if (pod === undefined || read.names.length === 0) {
    const auditAnnotations = { config: policy.configDigest }
    const decision: Decision = { kind: 'allowed', patch: undefined, warnings: [], auditAnnotations }
    return { kind: 'decided', decision, summary: { outcome: 'unchanged' }, broken: [], traced: [] }
  }
  const facts = {
    ...factsOf(pod),
    namespace: request.namespace,
    cluster,
    user: request.user,
    envFiles: takesEnvFiles(policy.envFiles, cluster),
  }
  return map(lookup(read.requests, policy.managers, facts, signal), (traced) =>
    decideOn({ request, pod, read, traced }, policy),
  )
}

interface LookedUp {
  readonly request: AdmissionRequest
  readonly pod: Pod
  readonly read: ReadRequests
  readonly traced: readonly Traced[]
}

/** Decides from the answers of the managers. */
const decideOn = ({ request, pod, read, traced }: LookedUp, policy: Policy): Decided => {
  const audit = { config: policy.configDigest }
  const result = stored(changeOf(pod, traced, read, policy), request, read)
  const trace: Trace = { broken: read.refusals, traced }
  if (result.kind === 'unavailable') return { ...result, ...trace }
  const summary = {
    requested: read.names.length,
    ...(pod.ownerKind === undefined ? {} : { ownerKind: pod.ownerKind }),
  }
  if (result.kind === 'refused') {
    const isKept = policy.onFailure === 'deny' || result.refusals.some(({ byPolicy }) => byPolicy)
    const outcome = isKept ? 'denied' : 'unserved'
    const decision = outcome === 'denied' ? denied(result.refusals, audit) : unserved(result.refusals, audit)
    const reason = messageOf(result.refusals)
    return { kind: 'decided', decision, summary: { ...summary, outcome, reason }, ...trace }
  }
  const { patch, operations, meetings } = result.value
  const managers = injectedBy(traced, policy.managers)
  const auditAnnotations = { ...audit, injected: managers }
  return {
    ...trace,
    kind: 'decided',
    decision: { kind: 'allowed', patch, warnings: warningsOf(traced, meetings), auditAnnotations },
    summary: {
      ...summary,
      outcome: patch === undefined ? 'unchanged' : 'patched',
      injected: traced.length,
      managers,
      operations,
    },
  }
}

/** The facts of the pod that managers may know. */
const factsOf = ({ labels, annotations, os, initContainers = [], containers }: Pod) => ({
  labels,
  annotations,
  ...(os === undefined ? {} : { os }),
  initContainers: initContainers.map(({ name }) => name),
  containers: containers.map(({ name }) => name),
})

type Audit = Decision['auditAnnotations']

const denied = (refusals: NonEmpty<Refusal>, audit: Audit): Decision => ({
  kind: 'denied',
  status: denialOf(refusals),
  auditAnnotations: audit,
})

/** `onFailure: admit`: the pod goes through without its secrets and gets a warning. */
const unserved = (refusals: NonEmpty<Refusal>, audit: Audit): Decision => ({
  kind: 'allowed',
  patch: undefined,
  warnings: [`admitted without its secrets: ${messageOf(refusals)}`],
  auditAnnotations: {
    ...audit,
    'on-failure': 'admit',
    refused: [...new Set(refusals.flatMap(({ by }) => by))].map(shown).join(','),
  },
})

/** The pod, if it has the label and does not mirror a static pod of a kubelet (specification §1, §5). */
const takingPart = (object: JsonObject): Pod | undefined => {
  if (!takesPart(object)) return undefined
  const read = readPod(object)
  if (read.kind === 'malformed') {
    throw new WebhookError('bad-review', `request.object.${read.field} must be ${read.expected}`)
  }
  return Object.hasOwn(read.pod.annotations, mirrorAnnotation) ? undefined : read.pod
}

/**
 * The change that the pod needs, or every request that cannot be served, in the order of the requests. A request can be broken,
 * unserved, unsound, or in conflict with another request or with the pod.
 */
const changeOf = (
  pod: Pod,
  traced: readonly Traced[],
  read: ReadRequests,
  policy: Policy,
): Result<Change> | Unavailable => {
  const { sound, refusals: unsound } = soundWants(traced.flatMap(foundBy))
  const { merged, refusals: contradictions } = merge(sound)
  const { desired, refusals: unsoundPulls } = withPulls(merged, policy.managers)
  const reconciled = reconcile(pod, desired, policy)
  const unmet = traced.filter((one) => foundBy(one).length === 0)
  const refused = [
    ...read.refusals,
    ...unmet.filter((one) => !isUnavailable(one)).flatMap(answersOf),
    ...unsound,
    ...contradictions,
    ...unsoundPulls,
    ...(reconciled.kind === 'refused' ? reconciled.refusals : []),
  ]
  const unavailable = unmet.filter(isUnavailable).flatMap(answersOf)
  // A pod that is refused anyway is refused permanently: the 400 takes precedence over the 503 (specification §3).
  if (refused.length === 0 && unavailable.length > 0) {
    const cause = storeFailure(traced)
    return {
      kind: 'unavailable',
      error: new WebhookError('store-unavailable', messageOf(unavailable), { cause }),
    }
  }
  const refusals = inOrder([...refused, ...unavailable], read.names)
  return isNonEmpty(refusals) ? { kind: 'refused', refusals } : reconciled
}

const inOrder = (refusals: readonly Refusal[], names: readonly string[]): readonly Refusal[] => {
  if (refusals.length < 2) return refusals
  const position = new Map(names.map((name, index) => [name, index]))
  const placeOf = ({ by }: Refusal): number => position.get(by[0]) ?? 0
  return refusals.toSorted((a, b) => placeOf(a) - placeOf(b))
}

/** A change after which the pod can be stored. */
const stored = (
  result: Result<Change> | Unavailable,
  { createdPod, bodyBytes }: AdmissionRequest,
  { names }: ReadRequests,
): Result<Change> | Unavailable => {
  if (result.kind !== 'ok' || result.value.patch === undefined || createdPod === undefined) return result
  const { patch, patchBytes } = result.value
  const why = whyNotStored(createdPod, patch, bodyBytes + patchBytes)
  return why === undefined || !isNonEmpty(names)
    ? result
    : { kind: 'refused', refusals: [{ by: names, what: 'the patch', why }] }
}

const foundBy = ({ request, asked }: Traced): readonly Found[] => {
  const last = asked.at(-1)
  return last?.said.kind === 'found'
    ? [{ annotation: request.annotation, manager: last.manager, wants: last.said.wants }]
    : []
}

/** Whether a store that was asked does not answer. */
const isUnavailable = ({ asked }: Traced): boolean =>
  asked.some(({ said }) => said.kind === 'failed' && said.error.code === 'store-unavailable')

const storeFailure = (traced: readonly Traced[]): unknown =>
  traced.flatMap(({ asked }) => asked).flatMap(({ said }) => (said.kind === 'failed' ? said.error : []))[0]

/** One refusal for each manager that was asked. */
const answersOf = ({ request, asked }: Traced): readonly Refusal[] =>
  asked.flatMap(({ manager, said }) => {
    if (said.kind === 'found') return []
    const why = said.kind === 'not-mine' ? said.reason : said.error.message
    const refusal: Refusal = {
      by: [request.annotation],
      what: describeRequest(request),
      why: `${manager}: ${why}`,
    }
    return [
      said.kind === 'failed' && said.error.code === 'not-allowed' ? { ...refusal, byPolicy: true } : refusal,
    ]
  })

/** The manager that wants fetches makes the containers for them. This step checks those containers. */
const withPulls = (merged: Merged, managers: readonly SecretManager[]): DesiredOrRefused =>
  merged.fetches === undefined
    ? { desired: { ...merged, pulls: undefined }, refusals: [] }
    : pulling.desired(merged, merged.fetches, managers)

/** `K8s:2,AWS:1`: how many requests each manager serves, in the order of the look-up. */
const injectedBy = (traced: readonly Traced[], managers: readonly SecretManager[]): string =>
  managers
    .map(({ name }) => ({ name, count: traced.filter(({ asked }) => asked.at(-1)?.manager === name).length }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${name}:${count}`)
    .join(',')

/** The managers' warnings without repetitions, and a warning for each variable that a container already had with another content. */
const warningsOf = (traced: readonly Traced[], meetings: readonly Meeting[]): readonly string[] => [
  ...new Set(traced.flatMap(({ asked }) => asked.flatMap(({ said }) => warningsIn(said)))),
  ...Array.from(
    Map.groupBy(meetings, ({ outcome, variable }) => meetingTexts[outcome](variable)),
    ([text, all]) =>
      `${text}: ${all
        .slice(0, maxNamedContainers)
        .map(({ container }) => container)
        .join(', ')}`,
  ),
]

/** The text about a variable; the names of the containers follow. */
const meetingTexts: Readonly<Record<Meeting['outcome'], (variable: string) => string>> = {
  kept: (variable) => `variable ${variable} keeps the container's value instead of the secret`,
  replaced: (variable) => `variable ${variable} is replaced by the secret`,
  'too-early': (variable) =>
    `variable ${variable} is not added to containers that start before its file exists`,
}

const warningsIn = (said: Resolution): readonly string[] =>
  said.kind === 'found' ? (said.warnings ?? []) : []

/** Longer than the API server shows of a warning. */
const maxNamedContainers = 10
