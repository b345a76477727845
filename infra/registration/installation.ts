import type { KubernetesObject } from '@kubernetes/client-node'
import { CommandFailure, sentenceOf } from '../failure.ts'
import { ApiFailure, type Cluster, nameOf, type ObjectRef } from '../kubernetes/cluster.ts'
import { redactPaths } from '../start/output.ts'
import { bindingRef, policyRef } from './guard.ts'
import { evaluatesCel } from './kubernetes-version.ts'
import { calledService, readRegistration, whyNotOurs } from './ownership.ts'
import { registrationRef } from './registration.ts'

/** What became, or in a dry run would become, of an object. */
export interface Installed {
  readonly ref: ObjectRef
  readonly change: 'created' | 'changed' | 'unchanged'
}

export interface InstallOptions {
  /** Takes what others own. */
  readonly force: boolean
  /** The server goes through all of it and keeps nothing. */
  readonly dryRun: boolean
}

/**
 * Fails where the registration calls a Service: server-side apply cannot take a Service away from its owner, and the webhook
 * that runs behind it writes its object again at its next start. Beside an object of another name, `register` would send the
 * pods of Flyte's own webhook to both.
 */
export const refuseInClusterWebhook = async (cluster: Cluster): Promise<void> => {
  const registered = await readRegistration(cluster)
  const service = (registered?.webhooks ?? []).map(calledService).find((one) => one !== undefined)
  if (service === undefined) return
  throw new CommandFailure(
    `${registrationRef.kind} ${registered?.metadata?.name} calls the Service ${service}, as Flyte's own webhook does: docs/migrate.md goes over from one to the other, without a pod without its secrets`,
  )
}

/** Whether an earlier registration left a guard. */
export const isGuarded = async (cluster: Cluster): Promise<boolean> =>
  (await cluster.read(bindingRef)) !== undefined

/**
 * Applies objects in their order; a server-side dry run of all of them comes first, so that nothing changes where one is
 * refused. A failure says what the API server said, without what the object holds.
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

/** A server that refuses a field quotes it, and a registration holds the token; a cause would show it too. */
const whyNotApplied = (error: unknown): string => {
  const message = redactPaths(sentenceOf(error)).replaceAll('\n- ', ' ')
  return error instanceof ApiFailure && error.code === 409
    ? `${message}; --force-conflicts takes these fields`
    : message
}

/** An object that was removed, or in a dry run would be, as it was. */
export interface Removed {
  readonly ref: ObjectRef
  readonly object: KubernetesObject
}

/**
 * Removes what is there of a registration, the guard first: without the webhook it would refuse all pods. Where an object is
 * not this command's, or not its alone, nothing is removed unless `force`.
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
      throw new CommandFailure(`${nameOf(ref)}: ${why}; nothing was removed: --force removes it all the same`)
    if (object !== undefined) found.push({ ref, object })
  }
  for (const { ref } of found) await cluster.remove(ref, { dryRun })
  return found
}
