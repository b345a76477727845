import { WebhookError } from '../errors.ts'
import type { Host } from '../manager-kit/definition.ts'
import type { PureManager, Resolution, SecretManager } from '../manager-kit/manager.ts'
import type { AnyDefinition } from './any-definition.ts'

/** A definition that its author made, whatever its keys are. */
export interface OutsideDefinition extends AnyDefinition {
  readonly create: (options: never, host: Host) => PureManager
}

/**
 * Makes the managers of an outside definition such that a fault in one is an error that names it (specification §4.9). The
 * error's own text stays in the log's cause, of which foreign messages are left out.
 */
export const outside = (definition: OutsideDefinition): AnyDefinition => ({
  ...definition,
  create: (options: never, host) =>
    named(
      definition.name,
      attempt(definition.name, () => definition.create(options, host)),
    ),
})

const named = (name: string, manager: PureManager): SecretManager => {
  const pullContainers = manager.pullContainers?.bind(manager)
  return {
    name,
    resolve: (request, pod) => attempt(name, () => decided(manager.resolve(request, pod))),
    ...(pullContainers === undefined
      ? {}
      : { pullContainers: (steps) => attempt(name, () => pullContainers(steps)) }),
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
const decided = (said: Resolution): Resolution => {
  if (said.kind === 'not-mine' && typeof said.reason === 'string') return said
  if (said.kind === 'found' && Array.isArray(said.wants)) return said
  throw new WebhookError('internal', 'it gave neither wants nor a reason; a promise cannot be waited for')
}
