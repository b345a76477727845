import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createJsonSchema } from '../../infra/config/json-schema.ts'
import { isObject, type JsonObject } from '../../lib/json.ts'
import { configOf, noticesOf, problemsOf } from './outcome.ts'

/** A configuration with mappings, lists, and maps whose keys the operator chooses. */
const full: JsonObject = {
  webhook: {
    secretManagerTypes: ['K8s', 'Vault'],
    secretEnvVarPrefix: 'X_',
    awsSecretManager: { sidecarImage: 'i', resources: { requests: { cpu: '1m' }, limits: { cpu: '2m' } } },
    vaultSecretManager: { role: 'r', kvVersion: '1', annotations: { Role: 'a', role: 'b' } },
    embeddedSecretManagerConfig: { type: 'K8s', k8sConfig: { namespace: 'n', kubeClientConfig: { QPS: 1 } } },
    'metrics-prefix': 'm',
  },
  secrets: { 'env-prefix': 'E_', 'secrets-prefix': '/opt/s' },
  function: {
    profile: 'flyte2',
    callers: { clusters: { prod: { tokenSha256: ['ab'.repeat(32)] } } },
    globalSecrets: { secretsManager: [{ secretId: 's' }], allow: [{ groups: ['s'], namespaces: ['*'] }] },
    embedded: { allow: [{ organizations: ['o'], projects: ['p'], domains: ['d'] }] },
    registration: {
      namespaceSelector: {
        matchLabels: { Team: 'a' },
        matchExpressions: [{ key: 'k', operator: 'In', values: ['v'] }],
      },
    },
  },
}
/** Mappings below these keys keep the case of their own keys. */
const free = ['requests', 'limits', 'annotations', 'kubeClientConfig', 'clusters', 'matchLabels']

const inCase = (value: unknown, cased: (name: string) => string, isFree = false): unknown => {
  if (Array.isArray(value)) return value.map((item) => inCase(item, cased))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      isFree ? name : cased(name),
      inCase(inner, cased, free.includes(name)),
    ]),
  )
}

describe('the names of keys', () => {
  it('can be in any case, in every section', () => {
    const flips = fc.infiniteStream(fc.boolean())
    fc.assert(
      fc.property(flips, (stream) => {
        const cased = (name: string): string =>
          Array.from(name, (letter) =>
            stream.next().value ? letter.toUpperCase() : letter.toLowerCase(),
          ).join('')
        const text = JSON.stringify(inCase(full, cased))
        expect(configOf(text)).toStrictEqual(configOf(JSON.stringify(full)))
        expect(noticesOf(text)).toEqual(noticesOf(JSON.stringify(full)))
      }),
    )
  })

  it('keep their case if the operator chooses them', () => {
    const { webhook, function: own } = configOf(JSON.stringify(full))
    expect(webhook.vaultSecretManager.annotations).toEqual({ Role: 'a', role: 'b' })
    expect(own.registration.namespaceSelector?.matchLabels).toEqual({ Team: 'a' })
  })

  it.each([
    {
      text: 'webhook:\n  secretManagerType: K8s\n  SecretManagerType: AWS',
      at: '3 webhook.secretManagerType',
    },
    { text: 'function:\n  aws: {fetcher: cli, Fetcher: cli}', at: '2 function.aws.fetcher' },
  ])('cannot occur twice in two spellings: $text', ({ text, at }) => {
    expect(problemsOf(text)).toEqual([`${at}: duplicate key: remove one`])
  })

  it('merge two spellings of a top-level section', () => {
    const text = 'webhook: {secretManagerType: Vault}\nWebhook: {vaultSecretManager: {role: r}}'
    expect(configOf(text).webhook).toMatchObject({
      secretManagerTypes: ['Vault'],
      vaultSecretManager: { role: 'r' },
    })
  })
})

/** Returns every path in the schema that takes free text. `0` stands for a list item, `a` for a name that the operator chooses. */
const textPlaces = (schema: unknown, path: readonly string[] = []): readonly (readonly string[])[] => {
  if (!isObject(schema)) return []
  const types = [schema['type']].flat()
  const choices = Array.isArray(schema['anyOf'])
    ? schema['anyOf'].flatMap((one) => textPlaces(one, path))
    : []
  const below = Object.entries(isObject(schema['properties']) ? schema['properties'] : {})
  return [
    ...(types.includes('string') && !('enum' in schema) && !('anyOf' in schema) ? [path] : []),
    ...choices,
    ...below.flatMap(([name, inner]) => textPlaces(inner, [...path, name])),
    ...textPlaces(schema['items'], [...path, '0']),
    ...textPlaces(schema['additionalProperties'], [...path, 'a']),
  ]
}

describe('text', () => {
  const places = textPlaces(createJsonSchema())

  it('is accepted in many places', () => {
    expect(places.length).toBeGreaterThan(30)
    expect(places).toContainEqual(['webhook', 'vaultSecretManager', 'annotations', 'a'])
  })

  it.each(places.map((place) => ({ place: place.join('.') })))(
    'can be written as a number or boolean: $place',
    ({ place }) => {
      for (const written of ['1.10', '7', 'true', '0x1F']) {
        const text = place
          .split('.')
          .reduceRight<string>(
            (inner, step) => (step === '0' ? `[${inner}]` : `{${step}: ${inner}}`),
            written,
          )
        expect(problemsOf(text).filter((problem) => problem.includes('must be text'))).toEqual([])
      }
    },
  )

  it.each(['1.10', '7', 'true', 'False', '0x1F', '1e3', '-0'])('is kept as written: %s', (written) => {
    const { vaultSecretManager } = configOf(
      `webhook: {vaultSecretManager: {role: ${written}, annotations: {a: ${written}}}}`,
    ).webhook
    expect(vaultSecretManager).toMatchObject({ role: written, annotations: { a: written } })
  })

  it('can come through an alias', () => {
    const text =
      'function: {registration: {timeoutSeconds: &t 15}}\nwebhook: {vaultSecretManager: {role: *t}}'
    expect(configOf(text).webhook.vaultSecretManager.role).toBe('15')
  })
})

describe('a mapping whose keys the operator chooses', () => {
  const annotations = { 'vault.hashicorp.com/auth-path': 'auth/k8s', 'Team/b.c': 'true' }
  const ofVault = (text: string): string => `webhook:\n  vaultSecretManager:\n    annotations:\n${text}`
  it.each([
    {
      what: 'one a key',
      text: '      - vault.hashicorp.com/auth-path: auth/k8s\n      - Team/b.c: true',
    },
    { what: 'all in one', text: '      - vault.hashicorp.com/auth-path: auth/k8s\n        Team/b.c: true' },
    {
      what: 'aliases and merge keys',
      text: '      - &x {vault.hashicorp.com/auth-path: auth/k8s}\n      - {<<: *x, Team/b.c: true}',
    },
  ])('can be a list of mappings, as in Flyte: $what', ({ text }) => {
    expect(configOf(ofVault(text)).webhook.vaultSecretManager.annotations).toEqual(annotations)
  })

  it('can be one in every place', () => {
    const listed = (value: unknown, isFree = false): unknown => {
      if (Array.isArray(value)) return value.map((item) => listed(item))
      if (!isObject(value)) return value
      const entries = Object.entries(value).map(
        ([name, inner]) => [name, listed(inner, free.includes(name))] as const,
      )
      return isFree ? entries.map(([name, inner]) => ({ [name]: inner })) : Object.fromEntries(entries)
    }
    expect(configOf(JSON.stringify(listed(full)))).toEqual(configOf(JSON.stringify(full)))
  })

  it('has each problem at its line', () => {
    const text = '      - vault.hashicorp.com/agent-inject: false\n      - a: 1\n      - a: 2'
    expect(problemsOf(ofVault(text))).toEqual([
      expect.stringMatching(/^4 webhook\.vaultSecretManager\.annotations\["vault.*must be true/),
      '6 webhook.vaultSecretManager.annotations.a: duplicate key: remove one',
    ])
  })

  it('cannot be a list of anything else', () => {
    expect(problemsOf(ofVault('      - a: 1\n      - b'))).toEqual([
      '3 webhook.vaultSecretManager.annotations: must be a mapping of names to values',
    ])
  })
})

describe('a list', () => {
  const managers = (written: string): string =>
    `function: {profile: flyte2}\nwebhook: {secretManagerTypes: ${written}}`
  it.each([
    { written: 'AWS', names: ['AWS'] },
    { written: '"aws,K8s"', names: ['AWS', 'K8s'] },
    { written: '""', names: ['Embedded'] },
  ])('can be text in Flyte’s sections, as in Flyte: $written', ({ written, names }) => {
    expect(configOf(managers(written)).webhook.secretManagerTypes).toEqual(names)
  })

  it('has each wrong name at the line of the text', () => {
    expect(problemsOf(managers('"AWS,Valt"'))).toEqual([
      expect.stringMatching(/^2 webhook\.secretManagerTypes\[1\]: .* did you mean Vault\?/),
    ])
  })
})

describe('numbers and booleans', () => {
  it('can be written as text', () => {
    const text = `webhook: {embeddedSecretManagerConfig: {imagePullSecrets: {enabled: "false"}}}
function:
  profile: flyte1
  registration: {timeoutSeconds: "20"}
  globalSecrets: {ttlMs: "1000"}`
    const { registration, globalSecrets } = configOf(text).function
    expect(registration.timeoutSeconds).toBe(20)
    expect(globalSecrets.ttlMs).toBe(1000)
  })

  it('cannot be written as any other text', () => {
    const text = 'function:\n  registration: {timeoutSeconds: "15s"}\n  globalSecrets: {ttlMs: ""}'
    expect(problemsOf(text)).toEqual([
      '2 function.registration.timeoutSeconds: must be a whole number',
      '3 function.globalSecrets.ttlMs: must be a whole number',
    ])
  })
})
