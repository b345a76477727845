import { describe, expect, it } from 'vitest'
import { explainKey } from '../../infra/config/explain.ts'
import { keyText } from '../../infra/config/key-text.ts'
import { createJsonSchema } from '../../infra/config/json-schema.ts'
import { isObject } from '../../lib/json.ts'
import { managerNames } from '../support/managers.ts'

const text = (key: string): string => keyText(explainKey(key), (_, plain) => plain)

describe('an explained key', () => {
  it.each([
    { key: 'webhook.vaultSecretManager.role', type: 'text', default: 'flyte' },
    { key: 'webhook.secretManagerType', type: managerNames.join(' | ') },
    {
      key: 'webhook.secretManagerTypes',
      type: `list of ${managerNames.join(' | ')}`,
    },
    { key: 'webhook.vaultSecretManager.kvVersion', type: '1 | 2', default: '2' },
    { key: 'function.registration.timeoutSeconds', type: 'whole number', default: 15 },
    { key: 'function.callers.clusters', type: 'mapping', keys: ['<name>'] },
    { key: 'function.callers.clusters.any-name.tokenSha256', type: 'list of text' },
    {
      key: 'function.globalSecrets.allow',
      type: 'list of mapping',
      keys: ['groups', 'namespaces', 'clusters', 'users'],
    },
    { key: 'function.globalSecrets.allow.groups', type: 'list of text' },
    { key: 'webhook.certDir', type: 'anything' },
    { key: '', type: 'mapping', keys: ['webhook', 'secrets', 'function'] },
  ])('$key has its type, its default and the keys below it', ({ key, keys = [], ...expected }) => {
    const explained = explainKey(key)
    expect(explained).toMatchObject(expected)
    expect('default' in explained).toBe('default' in expected)
    expect(explained.keys.map(({ name }) => name)).toEqual(keys)
  })

  it('can be any key of the schema, and has a description', () => {
    const walk = (node: unknown, path: readonly string[]): readonly string[] => {
      const inner = isObject(node) && isObject(node['properties']) ? node['properties'] : {}
      return Object.entries(inner).flatMap(([name, child]) => [
        [...path, name].join('.'),
        ...walk(child, [...path, name]),
      ])
    }
    const keys = walk(createJsonSchema(), [])
    expect(keys.length).toBeGreaterThan(40)
    for (const key of keys) expect(explainKey(key).description).not.toBe('')
  })

  it('is laid out like in kubectl explain', () => {
    expect(text('webhook.vaultSecretManager.role')).toBe(
      'KEY      webhook.vaultSecretManager.role\nTYPE     text\nDEFAULT  flyte\n\nThe Vault role to log in with.',
    )
    expect(text('function.registration')).toContain('\nKEYS\n  reinvocation       Never | IfNeeded  Whether')
  })

  it.each([
    { key: 'webhok', says: 'webhook.yaml has no key "webhok": did you mean webhook?' },
    {
      key: 'webhook.vaultSecretManager.roll',
      says: 'webhook.vaultSecretManager has no key "roll": did you mean role?',
    },
    { key: 'secrets.zzzz', says: 'secrets has no key "zzzz": it has env-prefix, secrets-prefix, type' },
    { key: 'function.profile.x', says: 'function.profile has no key "x": it has no keys below it' },
    { key: 'constructor', says: 'webhook.yaml has no key "constructor"' },
  ])('is refused if it does not exist: $key', ({ key, says }) => {
    expect(() => explainKey(key)).toThrow(says)
  })
})
