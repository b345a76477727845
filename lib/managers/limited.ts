import { folded } from '../folded-name.ts'
import { notMine, type SecretManager } from '../manager-kit/manager.ts'
import { matchesAny } from '../name-pattern.ts'

/** Limits a manager to some groups (`function.managers.<name>.groups`), by name or pattern. */
export const limitedTo = (groups: readonly string[], manager: SecretManager): SecretManager => {
  const patterns = groups.map(folded)
  const limited: SecretManager = {
    ...manager,
    resolve: (request, pod, signal) =>
      matchesAny(patterns, folded(request.group))
        ? manager.resolve(request, pod, signal)
        : notMine(`function.managers.${manager.name}.groups does not name the group`),
  }
  return limited
}
