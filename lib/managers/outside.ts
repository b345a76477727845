import { WebhookError } from '../errors.ts'
import type { Host } from '../manager-kit/definition.ts'
import {
  notMine,
  type PodFacts,
  type PureManager,
  type Resolution,
  type SecretManager,
  whyNoLinuxContainer,
} from '../manager-kit/manager.ts'
import type { Want } from '../manager-kit/wants.ts'
import type { AnyDefinition } from './any-definition.ts'
import { arePullContainers, isWant } from '../manager-kit/shapes.ts'

/** An outside author's definition, for any keys. */
export interface OutsideDefinition extends AnyDefinition {
  readonly create: (options: never, host: Host) => PureManager
}

/** An outside author's manager. */
interface OutsideManager extends SecretManager {
  /** Why it could not be made: it answers nothing. */
  readonly failure?: WebhookError
}

/** An author's definition, wrapped to contain faults of the manager. */
export interface GuardedDefinition extends AnyDefinition {
  readonly create: (options: never, host: Host) => OutsideManager
}

/**
 * Wraps the managers of an outside definition: a fault in one becomes an error that names it (specification §4.9). The
 * error's own text stays in the log's cause, from which foreign messages are left out. A manager that cannot be made fails only when
 * it is asked, so pods that do not ask it are still served.
 */
export const outside = (definition: OutsideDefinition): GuardedDefinition => ({
  ...definition,
  create: (options: never, host) => {
    const { name } = definition
    try {
      return guarded(name, definition.create(options, host))
    } catch (cause) {
      const failure = new WebhookError('internal', `the manager ${name} cannot be created`, { cause })
      const resolve = (): never => {
        throw failure
      }
      return { name, resolve, failure }
    }
  },
})

const guarded = (name: string, made: PureManager): OutsideManager => {
  if (typeof made.resolve !== 'function') throw new WebhookError('internal', 'it has no function resolve')
  const pullContainers =
    typeof made.pullContainers === 'function' ? made.pullContainers.bind(made) : undefined
  return {
    name,
    resolve: (request, pod) =>
      attempt(name, () => startable(decided(made.resolve(request, pod), pullContainers !== undefined), pod)),
    ...(pullContainers === undefined
      ? {}
      : { pullContainers: (steps) => attempt(name, () => containers(pullContainers(steps))) }),
  }
}

const attempt = <T>(name: string, act: () => T): T => {
  try {
    return act()
  } catch (cause) {
    throw new WebhookError('internal', `the manager ${name} failed`, { cause })
  }
}

/** The author may have written JavaScript, or a promise that TypeScript accepts as an answer. */
const decided = (said: Resolution, fetches: boolean): Resolution => {
  refuseLater(said)
  if (said.kind === 'not-mine' && typeof said.reason === 'string') return said
  if (said.kind !== 'found' || !Array.isArray(said.wants))
    throw new WebhookError('internal', 'it returned neither wants nor a reason')
  const { wants, warnings } = said
  const wrong = Array.from(wants).findIndex((want) => !isWant(want))
  if (wrong >= 0)
    throw new WebhookError('internal', `its want number ${wrong + 1} does not match the kit's types`)
  if (
    warnings !== undefined &&
    !(Array.isArray(warnings) && warnings.every((one) => typeof one === 'string'))
  )
    throw new WebhookError('internal', 'its warnings are not a list of strings')
  if (!fetches && wants.some(isFetched))
    throw new WebhookError('internal', 'it wants a fetch, but has no pullContainers')
  return said
}

/** The request is not the manager's in a pod where its init containers would never start, even if the author forgot that. */
const startable = (said: Resolution, pod: PodFacts): Resolution => {
  const why = whyNoLinuxContainer(pod)
  return why !== undefined && said.kind === 'found' && said.wants.some(isFetched) ? notMine(why) : said
}

const isFetched = ({ kind }: Want): boolean => kind === 'fetch' || kind === 'envFile'

const containers = (made: ReturnType<NonNullable<PureManager['pullContainers']>>): typeof made => {
  refuseLater(made)
  if (!arePullContainers(made))
    throw new WebhookError('internal', "its init containers do not match the kit's types")
  return made
}

/** If a promise that nobody awaits rejects, it would end the process. */
const refuseLater = (made: unknown): void => {
  if (!(made instanceof Promise)) return
  made.catch(() => undefined)
  throw new WebhookError('internal', 'it returned a promise, but must answer at once')
}
