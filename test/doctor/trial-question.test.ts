import { builtIn } from '../../lib/managers/built-in.ts'
import { applyPatch } from 'rfc6902'
import { describe, expect, it } from 'vitest'
import { trialNamespaceOf, trialQuestionOf, trialVariable } from '../../infra/doctor/trial-question.ts'
import { fileManagers } from '../support/managers.ts'
import type { Json } from '../support/pods.ts'
import { call, configFrom, reviewOf, webhookIn } from '../support/webhook.ts'

const embedded = (type: string) => ({
  secretManagerTypes: ['Embedded'],
  embeddedSecretManagerConfig: { type },
})
/** Rules that give the trial nothing. */
const rules = {
  globalSecrets: { allow: [{ groups: ['*'], namespaces: ['production'] }] },
  embedded: { allow: [{ organizations: ['team-a'], projects: ['*'], domains: ['*'] }] },
}
const configOf = (webhook: object, own: object = {}) =>
  configFrom({ webhook, function: { profile: 'flyte1', ...own } })

describe('the pod that doctor tries', () => {
  it.each([
    { what: 'K8s', webhook: {} },
    ...fileManagers.map((name) => ({ what: name, webhook: { secretManagerType: name }, own: {} })),
    { what: 'AWS before K8s', webhook: { secretManagerTypes: ['AWS', 'K8s'] } },
    {
      what: 'Embedded with type AWS before Vault',
      webhook: { ...embedded('AWS'), secretManagerTypes: ['Embedded', 'Vault'] },
    },
    { what: 'Embedded with type K8s', webhook: embedded('K8s') },
    { what: 'K8s, whatever the rules say', webhook: {}, own: rules },
    {
      what: 'Embedded with type K8s, whatever the rules of Global say',
      webhook: embedded('K8s'),
      own: { globalSecrets: rules.globalSecrets },
    },
  ])('comes back with its secret from $what', async ({ webhook: section, own }) => {
    const loaded = { config: configOf(section, own), definitions: builtIn }
    const namespace = trialNamespaceOf(loaded)
    const question = trialQuestionOf(loaded, namespace)
    if (question === undefined) throw new Error('it is tried')
    const { webhook } = webhookIn(loaded)
    const { json } = await call(webhook, reviewOf(question.pod, { namespace }))
    const pod: Json = structuredClone(question.pod)
    applyPatch(pod, JSON.parse(Buffer.from(json.response.patch, 'base64').toString()))
    expect(question.expects).toBe('secret')
    expect(pod.spec.containers[0].env).toContainEqual(expect.objectContaining({ name: trialVariable }))
  })

  it.each([
    { what: 'only Global', webhook: { secretManagerType: 'Global' } },
    { what: 'Embedded with type AWS', webhook: embedded('AWS') },
    { what: 'Embedded with rules', webhook: embedded('K8s'), own: rules },
  ])('is denied by $what, which has nothing for it', async ({ webhook: section, own }) => {
    const loaded = { config: configOf(section, own), definitions: builtIn }
    const question = trialQuestionOf(loaded, 'default')
    if (question === undefined) throw new Error('it is tried')
    const { json } = await call(webhookIn(loaded).webhook, reviewOf(question.pod))
    expect(question.expects).toBe('denial')
    expect(json.response.allowed).toBe(false)
  })

  it.each([
    { managers: ['K8s'], namespace: 'default' },
    { managers: ['K8s', 'Embedded'], namespace: 'default' },
    { managers: ['Embedded'], namespace: 'tasks' },
  ])('is created in $namespace for $managers', ({ managers, namespace }) => {
    const embeddedSecretManagerConfig = { type: 'K8s', k8sConfig: { namespace: 'tasks' } }
    const config = {
      config: configOf({ secretManagerTypes: managers, embeddedSecretManagerConfig }),
      definitions: builtIn,
    }
    expect(trialNamespaceOf(config)).toBe(namespace)
  })

  it('is omitted if no answer could show anything', () => {
    const config = configFrom({
      webhook: { secretManagerType: 'Global' },
      function: { onFailure: 'admit' },
    })
    expect(trialQuestionOf({ config, definitions: builtIn }, 'default')).toBeUndefined()
  })
})
