import { describe, expect, it } from 'vitest'
import { SecretValue } from '../../lib/secret-value.ts'
import type { Fetched } from '../../lib/stores/secret-source.ts'
import { operationsOf } from '../support/patch.ts'
import { call, configFrom, filesAre, podAsking, reviewOf, webhookIn } from '../support/webhook.ts'

const allow = [{ groups: ['db-*', 'admin'], namespaces: ['*-production'] }]
const secretsManager = [{ secretId: 'prod/db', group: 'db-main' }]

/** Creates a webhook with one secret in each source, by default guarded by rules. */
const guarded = (globalSecrets: object = { allow, secretsManager }, onFailure = 'deny') =>
  webhookIn({
    config: configFrom({
      webhook: { secretManagerType: 'Global' },
      secrets: { 'secrets-prefix': '/etc/secrets' },
      function: { globalSecrets, onFailure },
    }),
    environment: {
      'FLYTE_SECRET_DB-ENV_K': 'v',
      FLYTE_SECRET_DB_ADMIN_PASSWORD: 'v',
      FLYTE_SECRET_API_K: 'v',
    },
    fileSystem: filesAre({ '/etc/secrets/db-file/k': 'v' }),
    createSecretSource: () => ({
      fetch: async (name): Promise<Fetched> =>
        name === 'prod/db'
          ? { kind: 'value', content: { kind: 'text', text: new SecretValue('{"k":"v"}') } }
          : { kind: 'absent' },
    }),
  })

const ask = async (world: ReturnType<typeof guarded>, group: string, namespace: string, key = 'k') => {
  const { json } = await call(world.webhook, reviewOf(podAsking({ group, key }), { namespace }))
  return json.response
}

describe('function.globalSecrets.allow', () => {
  it.each(['db-env', 'db-file', 'db-main', 'DB-MAIN'])(
    'gives the group %s to the namespaces of its rule',
    async (group) => {
      const response = await ask(guarded(), group, 'team-production')
      expect(JSON.stringify(operationsOf({ response }))).toContain('"value":"v"')
    },
  )

  it('refuses in the same words whether or not the secret exists', async () => {
    const messages = await Promise.all(
      ['db-env', 'db-file', 'db-main', 'db-none'].map(async (group) => {
        const { allowed, status } = await ask(guarded(), group, 'team-development')
        expect(allowed).toBe(false)
        return status.message.replaceAll(group, 'GROUP')
      }),
    )
    expect(new Set(messages)).toHaveLength(1)
    expect(messages[0]).toContain('function.globalSecrets.allow does not give the group to this pod')
  })

  it('is not a failure that onFailure admits', async () => {
    expect((await ask(guarded({ allow }, 'admit'), 'db-env', 'team-development')).allowed).toBe(false)
  })

  it('leaves a group that no rule names to the other managers', async () => {
    const { status } = await ask(guarded(), 'api', 'team-production')
    expect(status.message).toContain('no rule of function.globalSecrets.allow names the group')
  })

  it('prefers, for an ambiguous variable, the reading without _ in the group', async () => {
    const rules = [{ groups: ['db', 'db_*'], namespaces: ['*'] }]
    const admin = await ask(guarded({ allow: rules }), 'db', 'any', 'admin_password')
    expect(admin.allowed).toBe(true)
    const password = await ask(guarded({ allow: rules }), 'db_admin', 'any', 'password')
    expect(password.allowed).toBe(false)
    expect((await ask(guarded({}), 'db_admin', 'any', 'password')).allowed).toBe(true)
  })

  describe('guards a variable in each of its readings', () => {
    const world = (files: Readonly<Record<string, string>> = {}) =>
      webhookIn({
        config: configFrom({
          webhook: { secretManagerType: 'Global' },
          secrets: { 'secrets-prefix': '/etc/secrets' },
          function: {
            globalSecrets: {
              allow: [
                { groups: ['db', 'straße'], namespaces: ['*'] },
                { groups: ['db_admin', 'Straße_*'], namespaces: ['*-production'] },
              ],
            },
          },
        }),
        environment: {
          FLYTE_SECRET_DB_ADMIN_PASSWORD: 'of db_admin',
          FLYTE_SECRET_DB_USER_NAME: 'of db',
          FLYTE_SECRET_STRASSE_A_B: 'of straße_a',
        },
        fileSystem: filesAre(files),
      })
    const { production, development } = { production: 'team-production', development: 'team-development' }

    it.each([
      { group: 'db', key: 'admin_password', namespace: production, allowed: true },
      { group: 'db', key: 'admin_password', namespace: development, allowed: false },
      { group: 'DB', key: 'Admin_Password', namespace: development, allowed: false },
      { group: 'db', key: 'user_name', namespace: development, allowed: true },
      { group: 'strasse', key: 'a_b', namespace: production, allowed: true },
      { group: 'strasse', key: 'a_b', namespace: development, allowed: false },
      { group: 'db_admin', key: 'password', namespace: production, allowed: false },
    ])('$group/$key in $namespace: $allowed', async ({ group, key, namespace, allowed }) => {
      const response = await ask(world(), group, namespace, key)
      expect(response.allowed).toBe(allowed)
      if (!allowed) expect(response.status.message).toContain('it has no secret with this group and key')
    })

    it('and continues with files if it yields nothing', async () => {
      const files = { '/etc/secrets/db/admin_password': 'of the file' }
      const response = await ask(world(files), 'db', development, 'admin_password')
      expect(JSON.stringify(operationsOf({ response }))).toContain('"value":"of the file"')
    })
  })

  it('guards a file if a rule names its group in another case', async () => {
    const world = webhookIn({
      config: configFrom({
        webhook: { secretManagerType: 'Global' },
        function: { globalSecrets: { allow: [{ groups: ['Straße'], namespaces: ['*-production'] }] } },
      }),
      fileSystem: filesAre({ '/etc/secrets/STRASSE/k': 'v' }),
    })
    expect((await ask(world, 'STRASSE', 'team-production')).allowed).toBe(true)
    const { status } = await ask(world, 'STRASSE', 'team-development')
    expect(status.message).toContain('function.globalSecrets.allow does not give the group to this pod')
    // Files are case-sensitive, rules are not: no file has this name.
    expect((await ask(world, 'strasse', 'team-production')).allowed).toBe(false)
  })

  it('is optional: without it every namespace gets every group, as in Flyte', async () => {
    expect((await ask(guarded({ secretsManager }), 'db-main', 'anywhere')).allowed).toBe(true)
  })
})

describe('function.embedded.allow', () => {
  const rules = [{ organizations: ['team-a'], projects: ['flyte*'], domains: ['development'] }]
  const own = { organization: 'team-a', project: 'flytesnacks', domain: 'development' }

  /** Creates a webhook for a type of Embedded that records the names it asks Secrets Manager for. */
  const embedded = (type: 'AWS' | 'K8s', onFailure = 'deny') => {
    const asked: string[] = []
    const world = webhookIn({
      config: configFrom({
        webhook: {
          embeddedSecretManagerConfig: { type, k8sConfig: { namespace: 'flytesnacks-development' } },
        },
        function: { profile: 'flyte2', onFailure, embedded: { allow: rules } },
      }),
      createSecretSource: () => ({
        fetch: async (name): Promise<Fetched> => {
          asked.push(name)
          return name.endsWith('__key__there')
            ? { kind: 'value', content: { kind: 'text', text: new SecretValue('v') } }
            : { kind: 'absent' }
        },
      }),
    })
    return { ...world, asked }
  }
  const askAs = async ({ webhook }: ReturnType<typeof embedded>, labels: object, key = 'there') => {
    const pod = podAsking({ key, env_var: 'K' })
    const review = reviewOf({
      ...pod,
      metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...labels } },
    })
    const { json } = await call(webhook, review)
    return json.response
  }

  describe.each(['AWS', 'K8s'] as const)('with type %s', (type) => {
    it('lets a pod claim what a rule names by all three labels', async () => {
      expect((await askAs(embedded(type), own)).allowed).toBe(true)
    })

    it.each(Object.keys(own))(
      'refuses a pod whose %s matches no rule, in the same words whether or not the secret exists',
      async (label) => {
        const world = embedded(type)
        const labels = { ...own, [label]: 'bank' }
        const messages = await Promise.all(
          ['there', 'none'].map(async (key) => {
            const { allowed, status } = await askAs(world, labels, key)
            expect(allowed).toBe(false)
            return status.message.replaceAll(key, 'KEY')
          }),
        )
        expect(messages[0]).toContain(
          'function.embedded.allow does not let this pod claim its organization, project and domain',
        )
        expect(new Set(messages)).toHaveLength(1)
        expect(world.asked).toEqual([])
      },
    )

    it('refuses a label that makes the name of another owner, though a rule matches the label', async () => {
      const world = embedded(type)
      const { allowed } = await askAs(world, { ...own, project: 'flytesnacks__key' })
      expect({ allowed, asked: world.asked }).toEqual({ allowed: false, asked: [] })
    })

    it('is a policy that onFailure does not override', async () => {
      expect((await askAs(embedded(type, 'admit'), { ...own, organization: 'bank' })).allowed).toBe(false)
    })
  })
})
