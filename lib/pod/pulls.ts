import { type NonEmpty, type Refusal, WebhookError } from '../errors.ts'
import type { FetchStep, PullContainer } from '../manager-kit/wants.ts'
import type { Desired, Merged } from './desired.ts'
import { privateVolumes, reconcilePullContainers } from './pull-containers.ts'
import { pullRefusals } from './pull-rules.ts'

/** The part of a manager that fetches. */
interface Fetching {
  readonly name: string
  pullContainers?(steps: NonEmpty<FetchStep>): NonEmpty<PullContainer>
}

export interface DesiredOrRefused {
  readonly desired: Desired
  readonly refusals: readonly Refusal[]
}

/** The manager that wants fetches makes the containers for them. Refuses containers that are not sound. */
const withPulls = (
  merged: Merged,
  { manager: wanted, steps, by }: NonNullable<Merged['fetches']>,
  managers: readonly Fetching[],
): DesiredOrRefused => {
  const manager = managers.find(({ name }) => name === wanted)
  if (manager?.pullContainers === undefined) throw new WebhookError('internal', `${wanted} fetches nothing`)
  const pulls = { containers: manager.pullContainers(steps), by }
  const refusals = pullRefusals(pulls, manager.name, merged.volumes)
  return { desired: { ...merged, pulls: refusals.length === 0 ? pulls : undefined }, refusals }
}

/**
 * Handles the init containers that fetch secrets. A bundle leaves this module out if the managers of its configuration
 * have no init containers.
 */
export const pulling = { desired: withPulls, privateVolumes, reconcile: reconcilePullContainers } as const
