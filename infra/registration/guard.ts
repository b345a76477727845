import type { V1ValidatingAdmissionPolicy, V1ValidatingAdmissionPolicyBinding } from '@kubernetes/client-node'
import type { Config } from '../../lib/config/config.ts'
import { requestPrefix } from '../../lib/request/annotations.ts'
import { discovery } from '../../lib/request/names.ts'
import { wrongUsage } from '../failure.ts'
import type { ObjectRef } from '../kubernetes/cluster.ts'
import { type BreakGlass, matchConditions, podCreation, servedNamespaces, takingPart } from './match.ts'
import { apiVersion } from './registration.ts'

const metadata = { name: 'flyte-pod-webhook-guard' } as const

export const policyRef = { apiVersion, kind: 'ValidatingAdmissionPolicy', metadata } as const
export const bindingRef = { apiVersion, kind: 'ValidatingAdmissionPolicyBinding', metadata } as const

/**
 * Creates the ValidatingAdmissionPolicy and its binding. They refuse what an outage under `failurePolicy: Ignore` or a missing
 * registration lets through: a pod that asks for secrets and that no webhook has served. CEL cannot decode the requests, so it
 * looks for one of two variables that every manager sets. With `onFailure: admit`, pods can start without secrets, so a guard is
 * a `CommandFailure`.
 */
export const createGuard = (
  config: Config,
  breakGlass: BreakGlass,
): readonly [V1ValidatingAdmissionPolicy & ObjectRef, V1ValidatingAdmissionPolicyBinding & ObjectRef] => {
  if (config.function.onFailure === 'admit') {
    throw wrongUsage(
      'the guard would refuse the pods that function.onFailure: admit lets through: leave out one of the two',
    )
  }
  return [
    {
      ...policyRef,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          matchPolicy: 'Equivalent',
          resourceRules: [podCreation()],
          objectSelector: takingPart(),
          namespaceSelector: servedNamespaces(config),
        },
        matchConditions: [
          ...matchConditions(breakGlass),
          { name: 'asks-for-secrets', expression: asksForSecrets },
        ],
        variables: [{ name: 'containers', expression: allContainers }],
        validations: [
          {
            expression: isServed,
            message:
              'the pod asks for secrets but got none: check that MutatingWebhookConfiguration flyte-pod-webhook is registered and its webhook answers',
            // Flyte's engine retries after this reason, as it should in an outage. After `Invalid` the task fails.
            reason: 'Forbidden',
          },
        ],
      },
    },
    { ...bindingRef, spec: { policyName: metadata.name, validationActions: ['Deny'] } },
  ]
}

const asksForSecrets = `has(object.metadata.annotations) && object.metadata.annotations.exists(name, name.startsWith('${requestPrefix}'))`

const allContainers =
  'object.spec.containers + (has(object.spec.initContainers) ? object.spec.initContainers : [])'

const isServed = `variables.containers.exists(container, has(container.env) && container.env.exists(variable, variable.name in ['${discovery.envPrefix}', '${discovery.defaultDir}']))`
