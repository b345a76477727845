import type { V1MutatingWebhookConfiguration } from '@kubernetes/client-node'
import type { Config } from '../../lib/config/config.ts'
import type { ObjectRef } from '../kubernetes/cluster.ts'
import { type BreakGlass, matchConditions, podCreation, servedNamespaces, takingPart } from './match.ts'

/** What the configuration does not say about a registration. */
export interface RegistrationOptions {
  /** Complete, with the token (`revealedUrl`). */
  readonly url: string
  /** The authorities of a certificate that no public one has signed, PEM. */
  readonly caBundle?: string
  /** `Ignore` creates pods without their secrets while the function does not answer. */
  readonly failurePolicy?: FailurePolicy
  readonly breakGlass?: BreakGlass
  /** Whether the cluster evaluates CEL (`evaluatesCel`): without it there are no match conditions. */
  readonly isCelEvaluated?: boolean
}

export type FailurePolicy = 'Fail' | 'Ignore'

export const apiVersion = 'admissionregistration.k8s.io/v1'

/** The object of Flyte's own webhook has this name too: whichever is registered last is the one that is called. */
export const registrationRef = {
  apiVersion,
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: 'flyte-pod-webhook' },
} as const

/** The one webhook of that object, under the name that Flyte's own has too. */
export const webhookName = 'flyte-pod-webhook.flyte.org'

/** The MutatingWebhookConfiguration that sends pods to the function (specification §10). It holds the token. */
export const createRegistration = (
  config: Config,
  {
    url,
    caBundle,
    failurePolicy = 'Fail',
    breakGlass = { users: [], groups: [] },
    isCelEvaluated = true,
  }: RegistrationOptions,
): V1MutatingWebhookConfiguration & ObjectRef => {
  const { reinvocation, timeoutSeconds } = config.function.registration
  return {
    ...registrationRef,
    webhooks: [
      {
        name: webhookName,
        clientConfig: {
          url,
          ...(caBundle === undefined ? {} : { caBundle: Buffer.from(caBundle).toString('base64') }),
        },
        rules: [podCreation()],
        matchPolicy: 'Equivalent',
        objectSelector: takingPart(),
        namespaceSelector: servedNamespaces(config),
        ...(isCelEvaluated ? { matchConditions: matchConditions(breakGlass) } : {}),
        failurePolicy,
        sideEffects: 'None',
        reinvocationPolicy: reinvocation,
        timeoutSeconds,
        admissionReviewVersions: ['v1', 'v1beta1'],
      },
    ],
  }
}
