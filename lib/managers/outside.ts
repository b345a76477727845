import { WebhookError } from '../errors.ts'
import type { Host } from '../manager-kit/definition.ts'
import type { PureManager, Resolution, SecretManager } from '../manager-kit/manager.ts'
import type { AnyDefinition } from './any-definition.ts'
import { arePullContainers, isWant } from '../manager-kit/shapes.ts'

/** A definition that its author made, whatever its keys are. */
export interface OutsideDefinition extends AnyDefinition {
  readonly create: (options: never, host: Host) => PureManager
}

/** A manager that its author made. */
interface OutsideManager extends SecretManager {
  /** Why it could not be made: it answers nothing. */
  readonly failure?: WebhookError
}

/** A definition of an author, made such that a fault of the manager does no harm. */
export interface GuardedDefinition extends AnyDefinition {
  readonly create: (options: never, host: Host) => OutsideManager
}

/**
 * Makes the managers of an outside definition such that a fault in one is an error that names it (specification §4.9). The
 * error's own text stays in the log's cause, of which foreign messages are left out. A manager that cannot be made fails where
 * it is asked, so that pods which do not ask it are served.
 */
export const outside = (definition: OutsideDefinition): GuardedDefinition => ({
  ...definition,
  create: (options: never, host) => {
    const { name } = definition
    try {
      return guarded(name, definition.create(options, host))
    } catch (cause) {
      const failure = new WebhookError('internal', `the manager ${name} cannot be made`, { cause })
      const resolve = (): never => {
        throw failure
      }
      return { name, resolve, failure }
    }
  },
})

const guarded = (name: string, made: PureManager): OutsideManager => {
  if (typeof made.resolve !== 'function') throw new WebhookError('internal', 'it has no resolve')
  const pullContainers =
    typeof made.pullContainers === 'function' ? made.pullContainers.bind(made) : undefined
  return {
    name,
    resolve: (request, pod) =>
      attempt(name, () => decided(made.resolve(request, pod), pullContainers !== undefined)),
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

/** Its author may have written JavaScript, or a promise that TypeScript takes for an answer. */
const decided = (said: Resolution, fetches: boolean): Resolution => {
  refuseLater(said)
  if (said.kind === 'not-mine' && typeof said.reason === 'string') return said
  if (said.kind !== 'found' || !Array.isArray(said.wants))
    throw new WebhookError('internal', 'it gave neither wants nor a reason')
  const { wants, warnings } = said
  const wrong = Array.from(wants).findIndex((want) => !isWant(want))
  if (wrong >= 0)
    throw new WebhookError('internal', `its want number ${wrong + 1} is not one that the kit describes`)
  if (
    warnings !== undefined &&
    !(Array.isArray(warnings) && warnings.every((one) => typeof one === 'string'))
  )
    throw new WebhookError('internal', 'its warnings are no list of texts')
  if (!fetches && wants.some(({ kind }) => kind === 'fetch' || kind === 'envFile'))
    throw new WebhookError('internal', 'it wants a fetch, and has no pullContainers')
  return said
}

const containers = (made: ReturnType<NonNullable<PureManager['pullContainers']>>): typeof made => {
  refuseLater(made)
  if (!arePullContainers(made))
    throw new WebhookError('internal', 'its init containers are not as the kit describes them')
  return made
}

/** A promise that nobody waits for would end the process where it fails. */
const refuseLater = (made: unknown): void => {
  if (!(made instanceof Promise)) return
  made.catch(() => undefined)
  throw new WebhookError('internal', 'it gave a promise, and nothing can be waited for')
}
