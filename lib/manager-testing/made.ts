import { resolveKeys } from '../config/manager-keys.ts'
import { isNonEmpty } from '../errors.ts'
import type { AnyDescription, Host, Trial } from '../manager-kit/definition.ts'
import type { PodFacts, PureManager } from '../manager-kit/manager.ts'
import type { FetchStep, PullContainer, Want } from '../manager-kit/wants.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import { host, podFacts } from './samples.ts'

/** A manager's definition with options of this type. */
export type Definition<Options> = Pick<AnyDescription, 'name' | 'keys' | 'own'> & {
  readonly create: (options: Options, host: Host) => PureManager
  readonly trial?: (options: Options) => Trial | undefined
}

/** How a manager is configured. A missing key has its default. */
export interface Configured<Options> {
  readonly options?: Partial<Options>
  readonly host?: Partial<Host>
}

/** The options that a manager receives for this configuration. */
export const optionsFor = <Options>(
  { keys, own }: Definition<Options>,
  { options = {} }: Configured<NoInfer<Options>> = {},
): Options => resolveKeys({ ...keys, ...own?.keys }, options) as Options

/** The manager that a definition creates for this configuration. */
export const managerOf = <Options>(
  definition: Definition<Options>,
  configured: Configured<NoInfer<Options>> = {},
): PureManager => definition.create(optionsFor(definition, configured), { ...host, ...configured.host })

/** The steps of init containers for some wants. */
export const stepsOf = (wants: readonly Want[]): readonly FetchStep[] =>
  wants.flatMap((want) => ('step' in want ? [want.step] : []))

/** The init containers that a manager makes for a pod with some requests. A request that it does not serve is an error. */
export const initContainersOf = (
  manager: PureManager,
  requests: SecretRequest | readonly SecretRequest[],
  pod: PodFacts = podFacts(),
): readonly PullContainer[] => {
  const steps = [requests].flat().flatMap((request) => {
    const said = manager.resolve(request, pod)
    if (said.kind === 'found') return stepsOf(said.wants)
    throw new Error(`${manager.name}: ${said.kind === 'not-mine' ? said.reason : said.error.message}`)
  })
  if (!isNonEmpty(steps)) return []
  if (manager.pullContainers === undefined) throw new Error(`${manager.name} has no pullContainers`)
  return manager.pullContainers(steps)
}
