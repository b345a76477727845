import type { RegistrationFacts } from '../facts.ts'
import { type Check, ok, whenKnown } from '../finding.ts'

/** Shows whether the cluster has the guard. It is optional: `failure-policy` reports what its absence costs. */
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
