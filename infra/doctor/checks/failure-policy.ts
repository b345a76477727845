import type { RegistrationFacts } from '../facts.ts'
import { type Check, ok, problem, warning, whenKnown } from '../finding.ts'

/** Checks what happens to pods when the webhook does not answer. */
export const failurePolicyCheck: Check<RegistrationFacts> = {
  name: 'failure-policy',
  look: ({ registered, isGuarded, config }) =>
    whenKnown(registered, ({ webhook: { failurePolicy } }) => {
      const isAdmitted = config.function.onFailure === 'admit'
      if (isGuarded.kind === 'known' && isGuarded.value && isAdmitted)
        return [
          problem(
            'function.onFailure is admit, but the guard refuses the pods that it admits',
            'flyte-webhook unregister, then flyte-webhook register without --guard',
          ),
        ]
      if (failurePolicy !== 'Ignore') return [ok('Fail: without an answer, no pod is created')]
      return whenKnown(isGuarded, (guarded) => [
        guarded
          ? ok('Ignore, and the guard refuses pods without their secrets')
          : warning(
              'Ignore: pods start without their secrets while the webhook does not answer',
              'flyte-webhook register --failure-policy Fail, or --guard',
            ),
      ])
    }),
}
