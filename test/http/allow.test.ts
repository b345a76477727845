import { describe, expect, it } from 'vitest'
import { SecretValue } from '../../lib/secret-value.ts'
import type { Fetched } from '../../lib/stores/secret-source.ts'
import { operationsOf } from '../support/patch.ts'
import { call, configFrom, filesAre, podAsking, reviewOf, webhookIn } from '../support/webhook.ts'

const allow = [{ groups: ['db-*', 'admin'], namespaces: ['*-production'] }]
const secretsManager = [{ secretId: 'prod/db', group: 'db-main' }]

/** A webhook with one secret in each source, guarded or not. */
const guarded = (globalSecrets: object = { allow, secretsManager }, onFailure = 'deny') =>
  webhookIn({
    config: configFrom({ webhook: { secretManagerType: 'Global' }, function: { globalSecrets, onFailure } }),
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

  it('is no failure that onFailure admits', async () => {
    expect((await ask(guarded({ allow }, 'admit'), 'db-env', 'team-development')).allowed).toBe(false)
  })

  it('leaves a group that no rule names to the other managers', async () => {
    const { status } = await ask(guarded(), 'api', 'team-production')
    expect(status.message).toContain('no rule of function.globalSecrets.allow names the group')
  })

  it('takes one reading of a variable with two: the one without _ in the group', async () => {
    const rules = [{ groups: ['db', 'db_*'], namespaces: ['*'] }]
    const admin = await ask(guarded({ allow: rules }), 'db', 'any', 'admin_password')
    expect(admin.allowed).toBe(true)
    const password = await ask(guarded({ allow: rules }), 'db_admin', 'any', 'password')
    expect(password.allowed).toBe(false)
    expect((await ask(guarded({}), 'db_admin', 'any', 'password')).allowed).toBe(true)
  })

  it('is not there: every namespace gets every group, as in Flyte', async () => {
    expect((await ask(guarded({ secretsManager }), 'db-main', 'anywhere')).allowed).toBe(true)
  })
})
