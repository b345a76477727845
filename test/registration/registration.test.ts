import { describe, expect, it } from 'vitest'
import { evaluatesCel } from '../../infra/registration/kubernetes-version.ts'
import { createGuard } from '../../infra/registration/guard.ts'
import { createRegistration } from '../../infra/registration/registration.ts'
import { configFrom, configOf } from '../support/webhook.ts'

const url = 'https://h.example/prod/production/token/mutate--v1-pod'
const nobody = { users: [], groups: [] }
const notKubeSystem = { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] }

const webhookOf = (sections: object, options: object = {}) =>
  createRegistration(configFrom(sections), { url, ...options }).webhooks?.[0]

describe('a registration', () => {
  it('matches the specification without any options', () => {
    expect(createRegistration(configOf(''), { url })).toEqual({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'flyte-pod-webhook' },
      webhooks: [
        {
          name: 'flyte-pod-webhook.flyte.org',
          clientConfig: { url },
          rules: [
            {
              operations: ['CREATE'],
              apiGroups: [''],
              apiVersions: ['v1'],
              resources: ['pods'],
              scope: 'Namespaced',
            },
          ],
          matchPolicy: 'Equivalent',
          objectSelector: { matchLabels: { 'inject-flyte-secrets': 'true' } },
          namespaceSelector: { matchExpressions: [notKubeSystem] },
          matchConditions: [expect.objectContaining({ name: 'no-mirror-pod' })],
          failurePolicy: 'Fail',
          sideEffects: 'None',
          reinvocationPolicy: 'Never',
          timeoutSeconds: 15,
          admissionReviewVersions: ['v1', 'v1beta1'],
        },
      ],
    })
  })

  it('contains the authorities in base64, as the API expects', () => {
    expect(webhookOf({}, { caBundle: 'pem\n' })?.clientConfig).toEqual({ url, caBundle: 'cGVtCg==' })
  })

  it('follows the configuration, but never includes kube-system', () => {
    const registration = {
      reinvocation: 'IfNeeded',
      timeoutSeconds: 7,
      namespaceSelector: {
        matchLabels: { flyte: 'tasks' },
        matchExpressions: [
          { key: 'a', operator: 'Exists' },
          { key: 'b', operator: 'In', values: ['c'] },
        ],
      },
    }
    expect(webhookOf({ function: { registration } })).toMatchObject({
      reinvocationPolicy: 'IfNeeded',
      timeoutSeconds: 7,
      namespaceSelector: {
        matchLabels: { flyte: 'tasks' },
        matchExpressions: [
          { key: 'a', operator: 'Exists' },
          { key: 'b', operator: 'In', values: ['c'] },
          notKubeSystem,
        ],
      },
    })
  })

  it('treats empty keys of a selector as missing', () => {
    const namespaceSelector = { matchLabels: null, matchExpressions: null }
    expect(webhookOf({ webhook: { namespaceSelector } })?.namespaceSelector).toEqual({
      matchExpressions: [notKubeSystem],
    })
  })

  it('has no match conditions if the cluster does not support them', () => {
    expect(webhookOf({}, { isCelEvaluated: false })).not.toHaveProperty('matchConditions')
  })
})

describe('a guard', () => {
  it('watches exactly the pods that the webhook receives', () => {
    const sections = {
      function: { registration: { namespaceSelector: { matchLabels: { flyte: 'tasks' } } } },
    }
    const breakGlass = { users: ['alice'], groups: ['sre'] }
    const webhook = webhookOf(sections, { breakGlass })
    const [policy, binding] = createGuard(configFrom(sections), breakGlass)
    const { matchConstraints, matchConditions = [] } = policy.spec ?? {}
    expect(matchConstraints).toEqual({
      matchPolicy: webhook?.matchPolicy,
      resourceRules: webhook?.rules,
      objectSelector: webhook?.objectSelector,
      namespaceSelector: webhook?.namespaceSelector,
    })
    expect(webhook?.matchConditions).toHaveLength(2)
    expect(matchConditions.slice(0, 2)).toEqual(webhook?.matchConditions)
    expect(binding.spec).toEqual({ policyName: policy.metadata.name, validationActions: ['Deny'] })
  })

  it('is refused if pods can start without their secrets', () => {
    const admitting = configFrom({ function: { onFailure: 'admit' } })
    expect(() => createGuard(admitting, nobody)).toThrow(expect.objectContaining({ status: 2 }))
  })
})

describe('a version of Kubernetes', () => {
  it.each([
    { version: '1.30', is: true },
    { version: 'v1.30.4-eks-36bf41b', is: true },
    { version: '1.31+', is: true },
    { version: '2.0', is: true },
    { version: '1.29', is: false },
    { version: 'v1.9.11', is: false },
  ])('$version evaluates CEL: $is', ({ version, is }) => {
    expect(evaluatesCel(version)).toBe(is)
  })

  it.each(['', '1', 'latest', '1.x'])('is not %j', (version) => {
    expect(() => evaluatesCel(version)).toThrow(expect.objectContaining({ status: 2 }))
  })
})
