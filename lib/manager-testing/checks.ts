import { isDeepStrictEqual } from 'node:util'
import { isNonEmpty, type Refusal } from '../errors.ts'
import type { Trial } from '../manager-kit/definition.ts'
import type { PodFacts, PureManager, Resolution } from '../manager-kit/manager.ts'
import { trialRequest } from '../manager-kit/trial.ts'
import type { Want } from '../manager-kit/wants.ts'
import { merge } from '../pod/merge.ts'
import { pulling } from '../pod/pulls.ts'
import { soundWants } from '../pod/want-rules.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import { type Configured, type Definition, managerOf, optionsFor, stepsOf } from './made.ts'
import { hostileRequests, podFacts, requestOf, requestShapes, type Sample } from './samples.ts'
import { ShellCheck } from './shell-check.ts'

/** One requirement of a manager, as a test: `check` throws an `Error` that describes the fault. */
export interface ManagerCheck {
  readonly name: string
  readonly check: () => Promise<void>
}

/** How to try a manager. */
export interface Tried<Options> extends Configured<Options> {
  /** A secret that the manager has, if it does not have every one: `{ group: 'arn:…' }`. */
  readonly request?: Sample
}

/**
 * The checks that the managers of this project pass, for any test runner:
 * `for (const { name, check } of managerChecks(definition)) test(name, check)`.
 */
export const managerChecks = <Options>(
  definition: Definition<Options>,
  tried: Tried<NoInfer<Options>> = {},
): readonly ManagerCheck[] => {
  const subject: Subject = {
    made: () => managerOf(definition, tried),
    requests: [...requestShapes(tried.request), ...hostileRequests(tried.request)],
    trial: () => definition.trial?.(optionsFor(definition, tried)),
  }
  return checks.map(([name, check]) => ({
    name: `${definition.name} ${name}`,
    check: async () => check(subject),
  }))
}

interface Subject {
  /** Makes a new manager. */
  readonly made: () => PureManager
  readonly requests: readonly SecretRequest[]
  readonly trial: () => Trial | undefined
}

/** The pods for which every request is tried: on any node, with and without variables from files. */
const pods = [podFacts(), podFacts({ os: 'linux', envFiles: true })]

const served = ({ made, requests }: Subject): void => {
  const manager = made()
  const answers = requests.map((request) => answerOf(manager, request, podFacts({ envFiles: true })))
  if (answers.some(({ kind }) => kind === 'found')) return
  const reasons = new Set(answers.map((said) => (said.kind === 'not-mine' ? said.reason : said.kind)))
  throw new Error(
    `it serves no test request (${[...reasons].join('; ')}). Name one that it serves: ` +
      `managerChecks(definition, { request: { group: '…', key: '…' } })`,
  )
}

const answersAtOnce = (subject: Subject): void => each(subject, () => undefined)

const answersAlike = (subject: Subject): void => {
  const another = subject.made()
  each(subject, ({ manager, request, pod, said }) => {
    for (const again of [answerOf(manager, request, pod), answerOf(another, request, pod)])
      if (!isDeepStrictEqual(again, said)) return 'it gives another answer when asked again'
    return undefined
  })
}

const keepsRules = (subject: Subject): void =>
  each(subject, ({ manager, request, said }) => {
    if (said.kind !== 'found') return undefined
    const [refusal] = refusalsOf(manager, { annotation: request.annotation, manager: manager.name, ...said })
    return refusal && `${refusal.what}: ${refusal.why}`
  })

const refusalsOf = (manager: PureManager, found: Parameters<typeof merge>[0][number]): readonly Refusal[] => {
  const { refusals } = soundWants([found])
  if (refusals.length > 0) return refusals
  const { merged, refusals: contradictions } = merge([found])
  if (contradictions.length > 0 || merged.fetches === undefined) return contradictions
  if (manager.pullContainers === undefined)
    return [{ by: [found.annotation], what: 'its fetches', why: 'the manager has no pullContainers' }]
  return pulling.desired(merged, merged.fetches, [manager]).refusals
}

const fetchesApart = (subject: Subject): void => {
  const steps = new Map<string, unknown>()
  each(subject, ({ said }) => {
    for (const want of said.kind === 'found' ? said.wants : []) {
      if (want.kind !== 'fetch' && want.kind !== 'envFile') continue
      const known = steps.get(want.identity)
      if (known !== undefined && !isDeepStrictEqual(known, want.step))
        return `two fetches have the identity ${want.identity} but differ: one would be dropped`
      steps.set(want.identity, want.step)
    }
    return undefined
  })
}

const sparesWindows = (subject: Subject): void =>
  each({ ...subject, pods: [podFacts({ os: 'windows', envFiles: true })] }, ({ said }) =>
    said.kind === 'found' && stepsOf(said.wants).length > 0
      ? 'it wants an init container, but its image is for Linux: call whyNoLinuxContainer, fetchedPath or whyNotFetched'
      : undefined,
  )

const heedsEnvFiles = (subject: Subject): void =>
  each({ ...subject, pods: [podFacts({ envFiles: false })] }, ({ said }) =>
    said.kind === 'found' && said.wants.some(comesFromFile)
      ? 'it makes a variable from a file, but the pod does not support this (pod.envFiles): call whyNotFetched'
      : undefined,
  )

const comesFromFile = (want: Want): boolean =>
  want.kind === 'envFile' ||
  (want.kind === 'variable' && want.sources.some(({ kind }) => kind === 'fileKeyRef'))

const servesTrial = ({ made, trial: trialOf }: Subject): void => {
  const trial = trialOf()
  if (trial === undefined) return
  const { mount: mountRequirement, group = trialRequest.group, labels = {}, namespace } = trial
  const request = requestOf({ ...trialRequest, group, mountRequirement })
  const pod = podFacts({ labels, ...(namespace === undefined ? {} : { namespace }) })
  const said = answerOf(made(), request, pod)
  if (said.kind !== 'found')
    throw new Error(`${textOf(request)}: its trial asks for this, but the manager does not serve it`)
}

const quotesTexts = async (subject: Subject): Promise<void> => {
  const manager = subject.made()
  const shell = await ShellCheck.create()
  try {
    for (const request of subject.requests)
      for (const pod of pods) {
        const said = answerOf(manager, request, pod)
        const steps = said.kind === 'found' ? stepsOf(said.wants) : []
        for (const container of isNonEmpty(steps) ? (manager.pullContainers?.(steps) ?? []) : []) {
          const fault = await shell.faultOf(container)
          if (fault !== undefined) throw new Error(`${textOf(request)}: ${fault}`)
        }
      }
  } finally {
    await shell.remove()
  }
}

type Check = readonly [name: string, check: (subject: Subject) => void | Promise<void>]

const checks: readonly Check[] = [
  ['serves a request', served],
  ['answers every request at once, with wants or a reason', answersAtOnce],
  ['gives the same answer again', answersAlike],
  ['wants nothing that breaks a rule', keepsRules],
  ['gives the same identity only to identical fetches', fetchesApart],
  ['wants no init container in a pod for Windows', sparesWindows],
  ['makes variables from files only if the pod supports them', heedsEnvFiles],
  ['serves the trial of doctor', servesTrial],
  ['protects the texts of a request from the shell and the kubelet', quotesTexts],
]

interface Case {
  readonly manager: PureManager
  readonly request: SecretRequest
  readonly pod: PodFacts
  readonly said: Resolution
}

/** Tries all requests for all pods. The first fault is an error that names its request. */
const each = (
  subject: Subject & { readonly pods?: readonly PodFacts[] },
  faultOf: (one: Case) => string | undefined,
): void => {
  const manager = subject.made()
  for (const request of subject.requests)
    for (const pod of subject.pods ?? pods) {
      const fault = faultOf({ manager, request, pod, said: answerOf(manager, request, pod) })
      if (fault !== undefined) throw new Error(`${textOf(request)}: ${fault}`)
    }
}

/** A valid answer: the author may have written JavaScript. */
const answerOf = (manager: PureManager, request: SecretRequest, pod: PodFacts): Resolution => {
  const fault = (why: string, options?: ErrorOptions): Error =>
    new Error(`${textOf(request)}: ${why}`, options)
  let said: Resolution
  try {
    said = manager.resolve(request, pod)
  } catch (cause) {
    throw fault(`it throws (${cause instanceof Error ? cause.message : String(cause)})`, { cause })
  }
  if (isPromise(said)) throw fault('it returns a promise, but must answer at once')
  const { kind, reason, wants }: AnyAnswer = { ...said }
  if (kind === 'not-mine' && typeof reason === 'string' && reason !== '') return said
  if (kind === 'found' && Array.isArray(wants) && wants.length > 0) return said
  throw fault('it returns neither wants nor a reason (notMine)')
}

interface AnyAnswer {
  readonly kind?: unknown
  readonly reason?: unknown
  readonly wants?: unknown
}

const isPromise = (said: unknown): boolean => typeof said === 'object' && said !== null && 'then' in said

/** A request in its written form. */
const textOf = (request: SecretRequest): string => {
  const { annotation: _, ...fields } = request
  return JSON.stringify(Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== '')))
}
