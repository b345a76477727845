import { describe, expect, it } from 'vitest'
import { noticesOf, problemsOf } from './outcome.ts'

const flyte2Keys = [
  { key: 'secretManagerTypes', value: ['K8s'] },
  { key: 'secretEnvVarPrefix', value: '_FSEC_' },
  { key: 'azureSecretManager', value: {} },
  { key: 'embeddedSecretManagerConfig', value: { type: 'K8s' } },
]
const written = (webhook: object, ownSection: object = {}): string =>
  JSON.stringify({ webhook, function: ownSection })

describe.each(flyte2Keys)('$key, which only Flyte 2 knows', ({ key, value }) => {
  it.each([value, null, 7])('needs an explicit profile, whatever its value: %j', (any) => {
    expect(problemsOf(written({ [key]: any }))).toContain(
      `1 webhook.${key}: is a key of Flyte 2, but function.profile is missing: set function.profile: flyte2, or flyte1 to keep the defaults of Flyte 1`,
    )
  })

  it.each(['flyte1', 'flyte2'])('is accepted with an explicit profile: %s', (profile) => {
    expect(problemsOf(written({ [key]: value }, { profile }))).toEqual([])
  })

  it('is not reported if the profile is invalid', () => {
    expect(problemsOf(written({ [key]: value }, { profile: 'flyte3' }))).toEqual([
      expect.stringContaining('function.profile: must be flyte1 or flyte2'),
    ])
  })
})

it('a configuration of Flyte 1 needs no profile', () => {
  const flyte1 = { secretManagerType: 'Vault', vaultSecretManager: { role: 'tasks' }, awsSecretManager: {} }
  expect(problemsOf(written(flyte1))).toEqual([])
  expect(noticesOf(written(flyte1))).toEqual([])
})

it.each([
  { prefix: '_FSEC_', profile: 'flyte2', notices: 1 },
  { prefix: '_FSEC_', profile: 'flyte1', notices: 0 },
  { prefix: '_UNION_', profile: 'flyte2', notices: 0 },
  { prefix: '_TASK_', profile: 'flyte2', notices: 0 },
])('notices the prefix of Flyte 1 with flyte2 only: $prefix, $profile', ({ prefix, profile, notices }) => {
  const webhook = { secretManagerTypes: ['K8s'], secretEnvVarPrefix: prefix }
  expect(noticesOf(written(webhook, { profile }))).toEqual(
    Array.from({ length: notices }, () =>
      expect.stringContaining('webhook.secretEnvVarPrefix: is the default of Flyte 1'),
    ),
  )
})
