import { minTimeoutSeconds } from '../../registration/timeout-rule.ts'
import type { ClusterFacts } from '../facts.ts'
import { type Check, faultsOr, problem, type Verdict, warning, whenKnown } from '../finding.ts'

/** Checks that the API server waits as long as the function can take. */
export const timeoutCheck: Check<ClusterFacts> = {
  name: 'time-out',
  look: ({ registered, config, functionTimeoutSeconds }) =>
    whenKnown(registered, ({ webhook: { timeoutSeconds = 10 } }) => {
      const wanted = config.function.registration.timeoutSeconds
      const faults: Verdict[] = []
      const enough = functionTimeoutSeconds + coldStartSeconds
      if (timeoutSeconds < enough)
        faults.push(
          (timeoutSeconds < minTimeoutSeconds(functionTimeoutSeconds) ? problem : warning)(
            `the API server gives up after ${timeoutSeconds} s, but the function can take ${functionTimeoutSeconds} s plus a start: its error would show the URL`,
            `set function.registration.timeoutSeconds to ${enough} or more, then flyte-webhook register`,
          ),
        )
      if (timeoutSeconds !== wanted)
        faults.push(
          warning(
            `timeoutSeconds is ${timeoutSeconds}, but ${wanted} in the configuration`,
            'flyte-webhook register',
          ),
        )
      return faultsOr(
        faults,
        `the API server waits ${timeoutSeconds} s, the function takes at most ${functionTimeoutSeconds} s`,
      )
    }),
}

/** The time of a first call: the runtime, the bundle, and the first fetch of global secrets (specification §4.1). */
const coldStartSeconds = 4
