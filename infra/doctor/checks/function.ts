import type { Config } from '../../../lib/config/config.ts'
import { evaluatesCel } from '../../registration/kubernetes-version.ts'
import type { RegistrationFacts } from '../facts.ts'
import { type Check, faultsOr, ok, problem, type Verdict, warning, whenKnown } from '../finding.ts'

/** Checks that the cluster supports everything that `register` can ask for. */
export const kubernetesCheck: Check<RegistrationFacts> = {
  name: 'kubernetes',
  look: ({ kubernetesVersion }) =>
    evaluatesCel(kubernetesVersion)
      ? [ok(kubernetesVersion)]
      : [
          warning(
            `${kubernetesVersion} does not evaluate CEL: matchConditions and the guard are unavailable`,
            'upgrade to Kubernetes 1.30 or later',
          ),
        ],
}

/** Checks that the function answers at the registered URL, with the version and configuration of this checkout. */
export const functionCheck: Check<RegistrationFacts> = {
  name: 'function',
  look: ({ answer, config, version }) =>
    whenKnown(answer, (given) => {
      switch (given.kind) {
        case 'answers':
          return faultsOr(
            differencesOf(given, { config, version }),
            `answers with version ${version} and the configuration ${config.digest}, like this checkout`,
          )
        case 'fails':
          return given.isReached
            ? [problem(`it does not work: ${given.why}`, 'deploy it, or register its URL and token')]
            : [
                warning(
                  `no answer to this machine: ${given.why}`,
                  'the API server may still reach it: check that a new pod gets its secret',
                ),
              ]
      }
    }),
}

const differencesOf = (
  deployed: { readonly version: string; readonly configDigest: string },
  { config, version }: { readonly config: Config; readonly version: string },
): readonly Verdict[] => [
  ...(deployed.version === version
    ? []
    : [
        warning(
          `the version ${deployed.version} is deployed, but this checkout is ${version}`,
          'deploy, or check out the deployed version',
        ),
      ]),
  ...(deployed.configDigest === config.digest
    ? []
    : [
        warning(
          `the configuration ${deployed.configDigest} is deployed, but --config is ${config.digest}`,
          'deploy, or name the deployed file with --config',
        ),
      ]),
]
