import { describe, expect, test } from 'vitest'
import { listNames } from '../../lib/config/wording.ts'
import { managerNames } from '../support/managers.ts'
import { configOf, noticesOf, problemsOf } from './outcome.ts'

const managersOf = (text: string): readonly string[] => configOf(text).webhook.secretManagerTypes

describe('the managers', () => {
  const cases = [
    { webhook: '{}', are: ['K8s'] },
    { webhook: '{secretManagerType: AWS}', are: ['AWS'] },
    { webhook: '{secretManagerType: Global}', are: ['Global'] },
    { webhook: '{secretManagerTypes: [Vault, K8s]}', are: ['Vault', 'K8s'] },
    { webhook: '{secretManagerTypes: [K8s, Global]}', are: ['K8s', 'Global'] },
    {
      webhook: '{secretManagerTypes: [global, K8S, aws, gcp, aZURE, VAULT]}',
      are: ['Global', 'K8s', 'AWS', 'GCP', 'Azure', 'Vault'],
    },
    { webhook: '{secretManagerTypes: [K8s], secretManagerType: Vault}', are: ['K8s'] },
    { webhook: '{secretManagerTypes: [], secretManagerType: Vault}', are: ['Vault'] },
    { webhook: '{secretManagerTypes: [AWS, K8s, aws, k8s]}', are: ['AWS', 'K8s'] },
  ]
  test.each(cases)('of webhook: $webhook are $are', ({ webhook, are }) => {
    expect(managersOf(`webhook: ${webhook}\nfunction: {profile: flyte1}`)).toEqual(are)
  })

  const wrong = [
    { webhook: '{secretManagerTypes: [K9s]}', says: 'did you mean K8s?' },
    { webhook: '{secretManagerType: valut}', says: 'did you mean Vault?' },
    { webhook: '{secretManagerTypes: [Confidant]}', says: `must be ${listNames(managerNames)}` },
    { webhook: '{secretManagerTypes: [~]}', says: 'must be Global, K8s' },
    { webhook: '{secretManagerTypes: [""]}', says: 'must be Global, K8s' },
    { webhook: '{secretManagerTypes: [8]}', says: 'must be Global, K8s' },
  ]
  test.each(wrong)('are refused in webhook: $webhook', ({ webhook, says }) => {
    expect(problemsOf(`webhook: ${webhook}\nfunction: {profile: flyte1}`)).toEqual([
      expect.stringContaining(says),
    ])
  })

  test('that have no effect are reported', () => {
    expect(
      noticesOf(
        'webhook:\n  secretManagerType: K8s\n  secretManagerTypes:\n    - Azure\n    - GCP\n    - azure\nfunction: {profile: flyte1}\n',
      ),
    ).toEqual([
      '2 webhook.secretManagerType: has no effect if webhook.secretManagerTypes is set, as in Flyte',
      '6 webhook.secretManagerTypes[2]: has no effect: Azure is already in the list',
    ])
  })
})

describe('the managers of flyte2', () => {
  test('default to Embedded', () => {
    expect(configOf('function: {profile: flyte2}').webhook.secretManagerTypes).toEqual(['Embedded'])
  })

  test('are not reported if one is misspelt', () => {
    expect(problemsOf('function: {profile: flyte2}\nwebhook: {secretManagerTypes: [K9s]}')).toEqual([
      expect.stringContaining('K8s'),
    ])
  })
})

describe('Embedded', () => {
  const any = 'gives every pod'
  const ofTasks = 'gives every pod of the namespace tasks'
  const open = [
    {
      webhook: '{embeddedSecretManagerConfig: {type: AWS}}',
      at: '1 webhook.embeddedSecretManagerConfig.type',
      who: any,
    },
    {
      webhook: '{embeddedSecretManagerConfig: {k8sConfig: {namespace: tasks}}}',
      at: '1 webhook.embeddedSecretManagerConfig',
      who: ofTasks,
    },
    {
      webhook: '{secretManagerType: Embedded}',
      at: '1 webhook.secretManagerType',
      who: 'gives every pod of the namespace flyte',
    },
    {
      webhook: '{secretManagerTypes: [AWS, Embedded]}',
      at: '1 webhook.secretManagerTypes[1]',
      who: 'gives every pod of the namespace flyte',
    },
    { webhook: '{}', at: '2 function.profile', who: 'gives every pod of the namespace flyte' },
  ]
  const aws = { fetcher: 'cli' }
  const withFunction = (webhook: string, section: object): string =>
    `webhook: ${webhook}\nfunction: ${JSON.stringify({ profile: 'flyte2', aws, ...section })}`

  test.each(open)('is reported if labels alone say whose a pod is: $webhook', ({ webhook, at, who }) => {
    expect(noticesOf(withFunction(webhook, {}))).toEqual([
      `${at}: ${who} the secrets of any organization, domain and project that its labels name: restrict them in function.embedded.allow`,
    ])
  })

  test.each(open)('is not reported if rules say whose pods it serves: $webhook', ({ webhook }) => {
    const allow = [{ organizations: ['o'], projects: ['a'], domains: ['b'] }]
    expect(noticesOf(withFunction(webhook, { embedded: { allow } }))).toEqual([])
  })

  test('is not reported if it is not used', () => {
    expect(noticesOf(withFunction('{secretManagerType: K8s}', {}))).toEqual([])
  })
})

describe('AWS with the sidecar', () => {
  const cannot =
    "pulls secrets with Flyte's sidecar, which makes only files and works only with IAM roles for service accounts: its AWS SDK of 2020 rejects the address of the EKS Pod Identity agent, and the container exits 0 without the file. With EKS Pod Identity, set function.aws.fetcher: cli"

  const cases = [
    { webhook: '{secretManagerType: aws}', aws: '{}', at: ['1 webhook.secretManagerType'] },
    { webhook: '{secretManagerTypes: [K8s, AWS]}', aws: '{}', at: ['1 webhook.secretManagerTypes[1]'] },
    { webhook: '{secretManagerType: AWS}', aws: '{fetcher: sidecar}', at: ['2 function.aws.fetcher'] },
    { webhook: '{secretManagerType: AWS}', aws: '{fetcher: cli}', at: [] },
    { webhook: '{awsSecretManager: {sidecarImage: x}}', aws: '{fetcher: sidecar}', at: [] },
  ]
  test.each(cases)('is reported with what it cannot do: $webhook, $aws', ({ webhook, aws, at }) => {
    expect(noticesOf(`webhook: ${webhook}\nfunction: {profile: flyte1, aws: ${aws}}`)).toEqual(
      at.map((place) => `${place}: ${cannot}`),
    )
  })

  test('is not reported if the fetcher is misspelt', () => {
    expect(noticesOf('webhook: {secretManagerType: AWS}\nfunction: {aws: {fetcher: curl}}')).toEqual([])
  })
})

describe('a flyte2 configuration that cannot serve variables', () => {
  const cases = [
    { function: 'flyte2', managers: '[AWS]', warned: true },
    { function: 'flyte2', managers: '[Global, GCP, Azure, Vault]', warned: true },
    { function: 'flyte2', managers: '[AWS, K8s]', warned: false },
    { function: 'flyte2', managers: '[Global]', warned: false },
    { function: 'flyte1', managers: '[AWS]', warned: false },
  ]
  test.each(cases)(
    'is warned about: $function $managers $warned',
    ({ function: profile, managers, warned }) => {
      const notices = noticesOf(
        `function: {profile: ${profile}, aws: {fetcher: cli}}\nwebhook: {secretManagerTypes: ${managers}}`,
      )
      expect(notices).toEqual(
        warned ? [expect.stringMatching(/^2 webhook\.secretManagerTypes: .*ENV_VAR/)] : [],
      )
    },
  )

  test('is warned about with the older key, too', () => {
    const [notice] = noticesOf(
      'function: {profile: flyte2, aws: {fetcher: cli}}\nwebhook: {secretManagerType: AWS}',
    )
    expect(notice).toMatch(/^2 webhook\.secretManagerType: .*ENV_VAR/)
  })

  test('is warned about, with the managers that could serve them through function.envFiles', () => {
    const noticeWith = (managers: string): string | undefined =>
      noticesOf(`webhook: {secretManagerTypes: ${managers}}\nfunction: {profile: flyte2}`).find((notice) =>
        notice.includes('ENV_VAR'),
      )
    expect(noticeWith('[CSI, AWS, GCP]')).toMatch(
      /or not at all\. With function\.envFiles, on Kubernetes 1\.35 or later, they also come from AWS \(with function\.aws\.fetcher: cli\) or GCP$/,
    )
    expect(noticeWith('[CSI]')).toMatch(/or not at all$/)
  })

  test('is not warned about if variables come from files', () => {
    const text = 'function: {profile: flyte2, envFiles: true}\nwebhook: {secretManagerTypes: [CSI, GCP]}'
    expect(noticesOf(text)).toEqual([expect.stringMatching(/^1 function\.envFiles: needs /)])
  })

  test('is not warned about if one of its managers is misspelt', () => {
    expect(noticesOf('function: {profile: flyte2}\nwebhook: {secretManagerTypes: [GCP, K9s]}')).toEqual([])
  })
})

describe('function.envFiles', () => {
  const needs = (where: string): string =>
    `2 function.envFiles: needs Kubernetes 1.35 or later in ${where}, in the API server and in every kubelet: on an older kubelet the variable is silently empty. flyte-webhook doctor checks a cluster`
  const hasNoEffect =
    '2 function.envFiles: has no effect: no configured manager makes variables from files. These can: AWS (with function.aws.fetcher: cli), GCP, Azure, Vault'
  const tokens = `callers: {clusters: {prod: {tokenSha256: [${'a'.repeat(64)}]}}}`
  const noticesWith = (managers: string, section: string): readonly string[] =>
    noticesOf(`webhook: {secretManagerTypes: ${managers}}\nfunction: {profile: flyte1, ${section}}`)

  test.each([
    { managers: '[GCP]', section: 'envFiles: true', where: 'every cluster' },
    { managers: '[K8s, Azure, Vault]', section: 'envFiles: true', where: 'every cluster' },
    { managers: '[AWS]', section: 'aws: {fetcher: cli}, envFiles: true', where: 'every cluster' },
    { managers: '[Vault]', section: `${tokens}, envFiles: [pr*]`, where: 'these clusters' },
  ])('is reported once with what it needs: $managers, $section', ({ managers, section, where }) => {
    expect(noticesWith(managers, section)).toEqual([needs(where)])
  })

  test.each(['[K8s]', '[CSI]', '[Global]'])('is reported if no manager uses it: %s', (managers) => {
    expect(noticesWith(managers, 'envFiles: true')).toEqual([hasNoEffect])
  })

  const sidecar =
    'makes only files, even with function.envFiles: for variables, set function.aws.fetcher: cli'

  test.each([
    { section: 'envFiles: true', at: '1 webhook.secretManagerTypes[0]' },
    { section: 'envFiles: true, aws: {fetcher: sidecar}', at: '2 function.aws.fetcher' },
  ])('creates no variables with the AWS sidecar: $section', ({ section, at }) => {
    expect(noticesWith('[AWS]', section)).toEqual(expect.arrayContaining([hasNoEffect, `${at}: ${sidecar}`]))
    expect(noticesWith('[AWS, GCP]', section)).toEqual(
      expect.arrayContaining([needs('every cluster'), `${at}: ${sidecar}`]),
    )
  })

  test.each(['envFiles: false', 'envFiles: ~', 'aws: {fetcher: cli}'])(
    'is not mentioned if it is off: %s',
    (section) => {
      expect(noticesWith('[K8s, GCP]', section)).toEqual([])
    },
  )

  test.each([
    { managers: '[GCP]', section: 'envFiles: [3]' },
    { managers: '[K9s]', section: 'envFiles: true' },
    { managers: '[AWS]', section: 'envFiles: true, aws: {fetcher: curl}' },
  ])('is not reported beside an error: $managers, $section', ({ managers, section }) => {
    expect(noticesWith(managers, section)).toEqual([])
  })
})
