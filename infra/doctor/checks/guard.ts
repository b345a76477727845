import type { RegistrationFacts } from '../facts.ts'
import { type Check, ok, whenKnown } from '../finding.ts'

/** Whether the cluster has the guard. It need not: what its absence costs is said by `failure-policy`. */
export const guardCheck: Check<RegistrationFacts> = {
  name: 'guard',
  look: ({ isGuarded }) =>
    whenKnown(isGuarded, (guarded) => [
      ok(
        guarded
          ? 'registered: it refuses pods that ask for secrets and did not get them'
          : 'not registered: flyte-webhook register --guard adds it',
      ),
    ]),
}
