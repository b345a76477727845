import { describe, expect, it } from 'vitest'
import { noticesOf, problemsOf } from './outcome.ts'

const digest = 'ab'.repeat(32)
const forGroups = (groups: readonly string[], more: object = {}) => ({ groups, namespaces: ['*'], ...more })
const forProjects = (more: object = {}) => ({
  organizations: ['*'],
  projects: ['*'],
  domains: ['*'],
  ...more,
})
const yaml = (ownSection: object, sections: object = {}): string =>
  JSON.stringify({ ...sections, function: { profile: 'flyte1', ...ownSection } })

const rules = [
  {
    section: 'globalSecrets',
    write: (rule: object, more: object) =>
      yaml({ globalSecrets: { allow: [forGroups(['db']), forGroups(['db'], rule)] }, ...more }),
  },
  {
    section: 'embedded',
    write: (rule: object, more: object) =>
      yaml({ embedded: { allow: [forProjects(), forProjects(rule)] }, ...more }),
  },
]

describe.each(rules)('a rule for $section that names clusters', ({ section, write }) => {
  const at = `1 function.${section}.allow[1].clusters`

  it.each(['local', 'network-restricted'])('is refused if callers are anonymous: %s', (anonymous) => {
    expect(problemsOf(write({ clusters: ['production'] }, { callers: { anonymous } }))).toEqual([
      `${at}: cannot be enforced, because with function.callers.anonymous callers name their own cluster: remove one of the two`,
    ])
  })

  it.each([
    { clusters: ['prod*', 'staging'], reported: ['[1]'] },
    { clusters: ['production'], reported: [] },
    { clusters: ['*'], reported: [] },
    { clusters: ['PRODUCTION', 'without-token'], reported: ['[0]', '[1]'] },
  ])(
    'is reported for each pattern that matches no cluster with a token: $clusters',
    ({ clusters, reported }) => {
      const callers = {
        clusters: { production: { tokenSha256: [digest] }, 'without-token': { tokenSha256: [] } },
      }
      expect(noticesOf(write({ clusters }, { callers }))).toEqual(
        reported.map(
          (index) =>
            `${at}${index}: matches no cluster with a token in function.callers.clusters: check the name, unless the token comes from the stack's parameter callerTokenSha256`,
        ),
      )
    },
  )
})

describe('a group with _ in function.globalSecrets.allow', () => {
  const secrets = (secretsManager: readonly object[], groups: readonly string[], sections: object = {}) =>
    problemsOf(yaml({ globalSecrets: { secretsManager, allow: [forGroups(groups)] } }, sections))
  const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db_admin-AbCdEf'

  const wrong = [
    { what: 'no secret has it', secretsManager: [], groups: ['db_admin'] },
    {
      what: 'the secret with its name has another group',
      secretsManager: [{ secretId: 'db_admin', group: 'db' }],
      groups: ['db_admin'],
    },
    {
      what: 'only a longer group has it',
      secretsManager: [{ secretId: 'db_admin_2' }],
      groups: ['db_admin'],
    },
    {
      what: 'the folder of the files has no value',
      secretsManager: [],
      groups: ['db_admin'],
      sections: { secrets: { 'secrets-prefix': null } },
    },
  ]
  it.each(wrong)('is refused if $what', ({ secretsManager, groups, sections }) => {
    expect(secrets(secretsManager, groups, sections)).toEqual([
      "1 function.globalSecrets.allow[0].groups[0]: names a group that nothing serves: with rules, the function's environment serves only groups without _. Add the group to function.globalSecrets.secretsManager, or set secrets.secrets-prefix if files contain it",
    ])
  })

  const right = [
    { what: 'a secret has this name', secretsManager: [{ secretId: 'db_admin' }], groups: ['db_admin'] },
    {
      what: 'a secret has this group',
      secretsManager: [{ secretId: 'x', group: 'db_admin' }],
      groups: ['db_admin'],
    },
    { what: 'an ARN ends with it', secretsManager: [{ secretId: arn }], groups: ['db_admin'] },
    { what: 'only the case differs', secretsManager: [{ secretId: 'DB_Admin' }], groups: ['db_ADMIN'] },
    {
      what: 'the upper-case forms match',
      secretsManager: [{ secretId: 'x', group: 'straße_1' }],
      groups: ['STRASSE_1'],
    },
    { what: 'it is a pattern', secretsManager: [], groups: ['db_*'] },
    { what: 'it has no _', secretsManager: [], groups: ['db'] },
    {
      what: 'files can hold it',
      secretsManager: [],
      groups: ['db_admin'],
      sections: { secrets: { 'secrets-prefix': '/etc/secrets' } },
    },
  ]
  it.each(right)('is accepted if $what', ({ secretsManager, groups, sections }) => {
    expect(secrets(secretsManager, groups, sections)).toEqual([])
  })
})
