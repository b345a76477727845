import type { KubernetesObject } from '@kubernetes/client-node'
import type { Config } from '../../lib/config/config.ts'
import { CommandFailure, sentenceOf } from '../failure.ts'
import { ApiFailure, type Cluster, nameOf, type ObjectRef } from '../kubernetes/cluster.ts'
import { redactPaths } from '../start/output.ts'
import { bindingRef, policyRef } from './guard.ts'
import { evaluatesCel } from './kubernetes-version.ts'
import { calledService, readRegistration, whyNotOurs } from './ownership.ts'
import { registrationRef } from './registration.ts'

/** An object and its change, also for a dry run. */
export interface Installed {
  readonly ref: ObjectRef
  readonly change: 'created' | 'changed' | 'unchanged'
}

export interface InstallOptions {
  /** Takes over fields that others own. */
  readonly force: boolean
  /** The server validates everything and stores nothing. */
  readonly dryRun: boolean
}

/**
 * Fails if the registration calls a Service. Server-side apply cannot take a Service away from its owner, and the webhook
 * behind the Service rewrites its object at its next start. If that object has another name, `register` would send the pods of
 * Flyte's own webhook to both.
 */
export const refuseInClusterWebhook = async (cluster: Cluster, config: Config): Promise<void> => {
  const registered = await readRegistration(cluster, config)
  const service = (registered?.webhooks ?? []).map(calledService).find((one) => one !== undefined)
  if (service === undefined) return
  throw new CommandFailure(
    `${registrationRef.kind} ${registered?.metadata?.name} calls the Service ${service}, as Flyte's own webhook does: docs/migrate.md switches from one to the other without downtime`,
  )
}

/** Returns whether an earlier registration left a guard. */
export const isGuarded = async (cluster: Cluster): Promise<boolean> =>
  (await cluster.read(bindingRef)) !== undefined

/**
 * Applies objects in order, after a server-side dry run of all of them: if one is refused, nothing changes. A failure quotes the
 * API server without the object's content.
 */
export const install = async (
  cluster: Cluster,
  objects: readonly (KubernetesObject & ObjectRef)[],
  options: InstallOptions,
): Promise<readonly Installed[]> => {
  const tried = await applyAll(cluster, objects, { ...options, dryRun: true })
  return options.dryRun ? tried : applyAll(cluster, objects, options)
}

const applyAll = async (
  cluster: Cluster,
  objects: readonly (KubernetesObject & ObjectRef)[],
  options: InstallOptions,
): Promise<readonly Installed[]> => {
  const installed: Installed[] = []
  for (const object of objects) {
    const before = await cluster.read(object)
    const after = await cluster.apply(object, options).catch((error: unknown) => {
      throw new CommandFailure(whyNotApplied(error))
    })
    const isSame = before?.metadata?.generation === after.metadata.generation
    installed.push({
      ref: object,
      change: before === undefined ? 'created' : isSame ? 'unchanged' : 'changed',
    })
  }
  return installed
}

/** A server quotes a field that it refuses, and a registration holds the token. A cause would show it too. */
const whyNotApplied = (error: unknown): string => {
  const message = redactPaths(sentenceOf(error)).replaceAll('\n- ', ' ')
  return error instanceof ApiFailure && error.code === 409
    ? `${message}; --force-conflicts takes over these fields`
    : message
}

/** An object as it was before its removal, also for a dry run. */
export interface Removed {
  readonly ref: ObjectRef
  readonly object: KubernetesObject
}

/**
 * Removes the existing objects of a registration, the guard first: without the webhook it would refuse all pods. If this command
 * did not create an object, or others own fields of it, nothing is removed unless `force`.
 */
export const uninstall = async (
  cluster: Cluster,
  { force, dryRun }: InstallOptions,
): Promise<readonly Removed[]> => {
  const isCelEvaluated = evaluatesCel(await cluster.version())
  const found: Removed[] = []
  for (const ref of isCelEvaluated ? [bindingRef, policyRef, registrationRef] : [registrationRef]) {
    const object = await cluster.read(ref)
    const why = object === undefined || force ? undefined : whyNotOurs(object)
    if (why !== undefined)
      throw new CommandFailure(`${nameOf(ref)}: ${why}; nothing was removed: --force removes it anyway`)
    if (object !== undefined) found.push({ ref, object })
  }
  for (const { ref } of found) await cluster.remove(ref, { dryRun })
  return found
}
