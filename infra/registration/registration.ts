import type { V1MutatingWebhookConfiguration } from '@kubernetes/client-node'
import type { Config } from '../../lib/config/config.ts'
import type { ObjectRef } from '../kubernetes/cluster.ts'
import { type BreakGlass, matchConditions, podCreation, servedNamespaces, takingPart } from './match.ts'

/** The parts of a registration that the configuration does not set. */
export interface RegistrationOptions {
  /** The complete URL, with the token (`revealedUrl`). */
  readonly url: string
  /** The authorities that sign the certificate, in PEM, unless they are public. */
  readonly caBundle?: string
  /** With `Ignore`, pods are created without their secrets while the function does not answer. */
  readonly failurePolicy?: FailurePolicy
  readonly breakGlass?: BreakGlass
  /** Whether the cluster evaluates CEL (`evaluatesCel`). Without CEL the registration has no match conditions. */
  readonly isCelEvaluated?: boolean
}

export type FailurePolicy = 'Fail' | 'Ignore'

export const apiVersion = 'admissionregistration.k8s.io/v1'

/** Flyte's own webhook uses this name too. The API server calls the one that was registered last. */
export const registrationRef = {
  apiVersion,
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: 'flyte-pod-webhook' },
} as const

/** The only webhook in that object. Flyte's own has the same name. */
export const webhookName = 'flyte-pod-webhook.flyte.org'

/** Creates the MutatingWebhookConfiguration that sends pods to the function (specification §10). It contains the token. */
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
