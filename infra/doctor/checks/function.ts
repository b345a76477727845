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
            `${kubernetesVersion} evaluates no CEL: there are no matchConditions, and there can be no guard`,
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
            `answers with version ${version} and the configuration ${config.digest}, as they are here`,
          )
        case 'fails':
          return given.isReached
            ? [
                problem(
                  `it is not in order: ${given.why}`,
                  'deploy it, or register the URL and token that it has',
                ),
              ]
            : [
                warning(
                  `no answer here: ${given.why}`,
                  'the API server may reach it all the same: see whether a new pod gets its secret',
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
          `the version ${deployed.version} is deployed, and ${version} is here`,
          'deploy, or check out what is deployed',
        ),
      ]),
  ...(deployed.configDigest === config.digest
    ? []
    : [
        warning(
          `the configuration ${deployed.configDigest} is deployed, and --config is ${config.digest}`,
          'deploy, or name the file that is deployed by --config',
        ),
      ]),
]
