import { type NonEmpty, type Refusal, WebhookError } from '../errors.ts'
import type { FetchStep, PullContainer } from '../manager-kit/wants.ts'
import type { Desired, Merged } from './desired.ts'
import { privateVolumes, reconcilePullContainers } from './pull-containers.ts'
import { pullRefusals } from './pull-rules.ts'

/** A manager, as far as it fetches. */
interface Fetching {
  readonly name: string
  pullContainers?(steps: NonEmpty<FetchStep>): NonEmpty<PullContainer>
}

export interface DesiredOrRefused {
  readonly desired: Desired
  readonly refusals: readonly Refusal[]
}

/** The manager that wants fetches makes the containers that carry them out; those that are not sound are refused. */
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
 * What is done with the init containers that fetch secrets. The bundle of a configuration whose managers have none is built
 * without this module.
 */
export const pulling = { desired: withPulls, privateVolumes, reconcile: reconcilePullContainers } as const
