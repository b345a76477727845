import { isNonEmpty, ok, type Result } from '../errors.ts'
import type { Injector } from '../manager-kit/injector.ts'
import { reconcileAnnotations } from './annotations.ts'
import { type Change, ChangeBuilder } from './change.ts'
import type { Desired } from './desired.ts'
import { allWritten, envFilesOf } from './env-files.ts'
import { desiredMounts, reconcileMounts } from './mounts.ts'
import type { Pod } from './pod.ts'
import { pulling } from './pulls.ts'
import { type Placing, placedVariables, reconcileVariables } from './variables.ts'
import { reconcileVolumes } from './volumes.ts'

/** The rules of a configuration that decide how a pod gets what is desired. */
export interface PodPolicy {
  readonly placing: Placing
  /** The injectors that may have changed a pod. */
  readonly injectors: readonly Injector[]
}

/** The containers that injectors have added to a pod. */
const injectedContainers = ({ annotations }: Pod, injectors: readonly Injector[]): ReadonlySet<string> =>
  new Set(
    injectors
      .filter(({ injected: { key, value } }) => annotations[key] === value)
      .flatMap(({ containers }) => containers),
  )

/**
 * The parts of the desired pod that a pod lacks, as operations on the received JSON, or every reason why it cannot have
 * them (specification §5). A pod that has them all needs nothing: this compares only what this webhook sets, by content.
 */
export const reconcile = (pod: Pod, desired: Desired, { placing, injectors }: PodPolicy): Result<Change> => {
  const { annotations, pulls, volumes } = desired
  const by = desired.variables.flatMap((variable) => variable.by)
  if (!isNonEmpty(by)) return ok({ patch: undefined, operations: 0, patchBytes: 0, meetings: [] })
  const change = new ChangeBuilder()
  const { placed, refusals } = placedVariables(desired.variables)
  const mounts = desiredMounts(desired, pod.volumes ?? [], injectors)

  const injected = injectedContainers(pod, injectors)
  const pullNames = new Set((pulls?.containers ?? []).map(({ name }) => name))
  const envFiles = envFilesOf(pod, desired, injectors)
  const otherInitContainers = (pod.initContainers ?? [])
    .map((container, index) => ({ container, unwritten: envFiles.unwrittenAt(index) }))
    .filter(({ container: { name } }) => !injected.has(name) && !pullNames.has(name))
  const containers = pod.containers
    .filter(({ name }) => !injected.has(name))
    .map((container) => ({ container, unwritten: allWritten }))

  let fits = change.take({ operations: [], refusals: [...refusals, ...envFiles.refusals] })
  for (const { container, unwritten } of [...otherInitContainers, ...containers]) {
    fits &&=
      change.take(reconcileVariables(container, { placed, placing, unwritten })) &&
      change.take(reconcileMounts(container, mounts))
    if (!fits) break
  }
  fits &&= change.take(reconcileAnnotations(pod, annotations, otherInitContainers.length > 0))
  fits &&= change.take(
    reconcileVolumes(pod.volumes, [...volumes, ...(pulls ? pulling.privateVolumes(pulls) : [])]),
  )
  // Last, because new init containers at the front shift all others by one.
  fits &&= pulls === undefined || change.take(pulling.reconcile(pod, pulls))
  return change.build(by)
}
