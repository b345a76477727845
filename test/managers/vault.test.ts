import { describe, expect, it } from 'vitest'
import { createVault } from '../../lib/managers/vault.ts'
import type { SecretRequest } from '../../lib/request/secret-request.ts'
import type { Json } from '../support/pods.ts'
import { host } from '../../lib/manager-testing/samples.ts'
import { fileDiscovery, plain, resolved } from './resolved.ts'

const options = { role: 'flyte', kvVersion: '2', annotations: {} } as const
const request = { group: 'kv/App', key: 'Token' }

/** Returns the annotations that a request wants, without their domain and with `ID` for the id of the secret. */
const annotationsOf = async (fields: Partial<SecretRequest>, manager = createVault(options, host)) => {
  const { wants }: Json = await resolved(manager, { ...request, ...fields })
  return Object.fromEntries(
    wants
      .filter(({ kind }: Json) => kind === 'annotation')
      .map(({ key, value }: Json) => [
        key.replace('vault.hashicorp.com/', '').replace(/-[a-z0-9]{41}$/, '-ID'),
        value,
      ]),
  )
}
const idOf = async (fields: Partial<SecretRequest>): Promise<string> => {
  const { wants }: Json = await resolved(createVault(options, host), { ...request, ...fields })
  return wants[1].key.slice('vault.hashicorp.com/agent-inject-secret-'.length)
}

describe('a secret of Vault', () => {
  it('is a file and the annotations for the Agent Injector', async () => {
    expect(await annotationsOf({})).toEqual({
      'agent-inject': 'true',
      'agent-init-first': 'true',
      'agent-pre-populate-only': 'true',
      'secret-volume-path': '/etc/flyte/secrets',
      role: 'flyte',
      'agent-inject-secret-ID': 'kv/App',
      'agent-inject-file-ID': 'kv/app/token',
      'agent-inject-template-ID': '{{- with secret "kv/App" -}}{{ .Data.data.Token }}{{- end -}}',
      'error-on-missing-key-ID': 'true',
    })
    const { wants }: Json = await resolved(createVault(options, host), { ...request, envVar: 'TOKEN_FILE' })
    expect(wants.filter(({ kind }: Json) => kind !== 'annotation')).toEqual([
      {
        kind: 'file',
        path: '/etc/flyte/secrets/kv/app/token',
        root: '/etc/flyte/secrets',
        identity: expect.any(String),
      },
      ...fileDiscovery,
      plain('TOKEN_FILE', '/etc/flyte/secrets/kv/app/token'),
    ])
  })

  it('asks for the agent first only with other init containers', async () => {
    const { wants }: Json = await resolved(createVault(options, host), request)
    const late = wants.filter(({ kind, when }: Json) => kind === 'annotation' && when !== 'always')
    expect(late).toMatchObject([{ when: 'other-init-containers' }])
    expect(late.map(({ key }: Json) => key)).toEqual(['vault.hashicorp.com/agent-init-first'])
  })

  it.each([
    { what: 'a common one', key: 'role', value: 'mine' },
    { what: 'the agent first', key: 'agent-init-first', value: 'false' },
    { what: 'a new one', key: 'log-level', value: 'debug' },
  ])('has the annotations of the configuration, even $what', async ({ key, value }) => {
    const annotations = { [`vault.hashicorp.com/${key}`]: value }
    expect(await annotationsOf({}, createVault({ ...options, annotations }, host))).toMatchObject({
      [key]: value,
    })
  })

  it('has an annotation of the configuration in every pod, even without other init containers', async () => {
    const annotations = { 'vault.hashicorp.com/agent-init-first': 'false' }
    const { wants }: Json = await resolved(createVault({ ...options, annotations }, host), request)
    expect(wants.filter(({ when }: Json) => when === 'other-init-containers')).toEqual([])
  })

  it.each([
    { groupVersion: 'kv1', kvVersion: '2', data: '.Data' },
    { groupVersion: 'kv2', kvVersion: '1', data: '.Data.data' },
    { groupVersion: '', kvVersion: '1', data: '.Data' },
    { groupVersion: '7', kvVersion: '2', data: '.Data.data' },
  ] as const)(
    'of engine "$groupVersion" (default $kvVersion) is read from $data',
    async ({ groupVersion, kvVersion, data }) => {
      const template = `{{- with secret "kv/App" -}}{{ ${data}.Token }}{{- end -}}`
      const vault = createVault({ ...options, kvVersion }, host)
      expect(await annotationsOf({ groupVersion }, vault)).toMatchObject({
        'agent-inject-template-ID': template,
      })
    },
  )

  it('of the database engine is written whole, without a template', async () => {
    const names = Object.keys(await annotationsOf({ groupVersion: 'db' }))
    expect(names).toContain('agent-inject-secret-ID')
    expect(names).not.toContain('agent-inject-template-ID')
    expect(names).not.toContain('error-on-missing-key-ID')
  })

  it.each([
    { fields: { group: '' }, reason: 'it needs a group and a key' },
    { fields: { key: '' }, reason: 'it needs a group and a key' },
    {
      fields: { mountRequirement: 'ENV_VAR' as const },
      reason: 'it makes only files, but the request wants a variable',
    },
    { fields: { group: 'kv/../sys' }, reason: 'the path of its file would have a segment "." or ".."' },
  ])('is not of Vault: $reason', async ({ fields, reason }) => {
    expect(await resolved(createVault(options, host), { ...request, ...fields })).toEqual({
      kind: 'not-mine',
      reason,
    })
  })
})

describe('the id of a secret of Vault', () => {
  it('is the same on every run', async () => {
    expect(await idOf({})).toBe('4y1trazrzsfkyfm3krzezir2ylo5ekodsojkk3sgo')
  })

  it.each([
    { what: 'group', fields: { group: 'kv/app' } },
    { what: 'key', fields: { key: 'token' } },
    { what: 'engine', fields: { groupVersion: 'kv1' } },
    { what: 'database engine', fields: { groupVersion: 'db' } },
  ])('differs for another $what', async ({ fields }) => {
    expect(await idOf(fields)).not.toBe(await idOf({}))
  })

  it('is the same for the default engine and its explicit name', async () => {
    expect(await idOf({ groupVersion: 'kv2' })).toBe(await idOf({}))
  })
})

describe('the template of a secret of Vault', () => {
  it.each([
    { key: 'token', value: '.Data.data.token' },
    { key: '_T0', value: '.Data.data._T0' },
    { key: '0T', value: 'index .Data.data "0T"' },
    { key: 'api-key', value: 'index .Data.data "api-key"' },
    { key: 'a.b', value: 'index .Data.data "a.b"' },
    { key: '}}', value: 'index .Data.data "}}"' },
    { key: '"\\', value: String.raw`index .Data.data "\"\\"` },
    { key: '\x07\b\f\n\r\t\v', value: String.raw`index .Data.data "\a\b\f\n\r\t\v"` },
    { key: '\x01\x7f', value: String.raw`index .Data.data "\x01\x7f"` },
    { key: 'schlüssel 🔑', value: 'index .Data.data "schlüssel 🔑"' },
    { key: '\u0080\u00a0\u2028\ufeff', value: String.raw`index .Data.data "\u0080\u00a0\u2028\ufeff"` },
    { key: '\u{e0001}\u{10ffff}', value: String.raw`index .Data.data "\U000e0001\U0010ffff"` },
  ])('reads the key $key as $value', async ({ key, value }) => {
    const { 'agent-inject-template-ID': template } = await annotationsOf({ key })
    expect(template).toBe(`{{- with secret "kv/App" -}}{{ ${value} }}{{- end -}}`)
  })

  it('names the path as a Go string', async () => {
    const { 'agent-inject-template-ID': template } = await annotationsOf({ group: 'a"b\\c', key: 'k' })
    expect(template).toBe(String.raw`{{- with secret "a\"b\\c" -}}{{ .Data.data.k }}{{- end -}}`)
  })
})
