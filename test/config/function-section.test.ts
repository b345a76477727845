import { describe, expect, test } from 'vitest'
import { configOf, problemsOf } from './outcome.ts'

const yaml = (section: object): string => JSON.stringify({ function: section })
const hex = 'aB'.repeat(32)

describe('the section function', () => {
  const right = [
    { written: { onFailure: 'admit' }, is: { onFailure: 'admit' } },
    {
      written: { callers: { anonymous: 'local' } },
      is: { callers: { tokenSha256: {}, anonymous: 'local' } },
    },
    {
      written: { callers: { clusters: { a: { tokenSha256: [hex.toUpperCase(), hex] }, b: {} } } },
      is: { callers: { tokenSha256: { a: [hex.toLowerCase(), hex.toLowerCase()], b: [] } } },
    },
    {
      written: { callers: { anonymous: 'network-restricted' } },
      is: { callers: { tokenSha256: {}, anonymous: 'network-restricted' } },
    },
    {
      written: { registration: { reinvocation: 'IfNeeded' } },
      is: { registration: { reinvocation: 'IfNeeded', timeoutSeconds: 15 } },
    },
    {
      written: { registration: { timeoutSeconds: 1 } },
      is: { registration: { reinvocation: 'Never', timeoutSeconds: 1 } },
    },
    {
      written: { registration: { timeoutSeconds: 30 } },
      is: { registration: { reinvocation: 'Never', timeoutSeconds: 30 } },
    },
  ]
  test.each(right)('may be $written', ({ written, is }) => {
    expect(configOf(yaml(written)).function).toMatchObject(is)
  })

  const wrong = [
    { written: { onFailure: 'ignore' }, says: 'onFailure: must be deny or admit' },
    {
      written: { callers: { anonymous: true } },
      says: 'callers.anonymous: must be local or network-restricted',
    },
    {
      written: { callers: { anonymous: 'Local' } },
      says: 'callers.anonymous: must be local or network-restricted; did you mean local?',
    },
    { written: { callers: { publicEndpoint: true } }, says: 'callers.publicEndpoint: must be accepted' },
    {
      written: { registration: { reinvocation: 'ifNeeded' } },
      says: 'registration.reinvocation: must be Never or IfNeeded; did you mean IfNeeded?',
    },
    {
      written: { registration: { timeoutSeconds: 0 } },
      says: 'registration.timeoutSeconds: must be 1 to 30',
    },
    {
      written: { registration: { timeoutSeconds: 31 } },
      says: 'registration.timeoutSeconds: must be 1 to 30',
    },
    { written: { aws: { fetcher: 'curl' } }, says: 'aws.fetcher: must be sidecar or cli' },
    { written: { aws: { endpoint: 'localhost' } }, says: 'aws.endpoint: must be a URL' },
    {
      written: { callers: { clusters: { 'a/b': {} } } },
      says: 'callers.clusters["a/b"]: cannot be the name of a cluster',
    },
    {
      written: { callers: { clusters: { a: { tokenSha256: ['x'] } } } },
      says: 'callers.clusters.a.tokenSha256[0]: must be the SHA-256',
    },
    {
      written: { callers: { clusters: { a: { tokenSha256: [hex, hex, hex] } } } },
      says: 'callers.clusters.a.tokenSha256: must be at most two',
    },
    {
      written: { globalSecrets: { secretsManager: [{ group: 'a' }] } },
      says: 'globalSecrets.secretsManager[0].secretId: is missing',
    },
    {
      written: { globalSecrets: { secretsManager: [{ secretID: 'a' }] } },
      says: 'globalSecrets.secretsManager[0].secretID: is no key here; did you mean secretId?',
    },
    {
      written: { globalSecrets: { allow: [{ groups: [], namespaces: ['*'] }] } },
      says: 'globalSecrets.allow[0].groups: must name at least one',
    },
    {
      written: { globalSecrets: { ttlMs: 0 } },
      says: 'globalSecrets.ttlMs: must be a number of milliseconds',
    },
    {
      written: { embedded: { allow: [{ projects: ['*'] }] } },
      says: 'embedded.allow[0].domains: is missing',
    },
  ]
  test.each(wrong)('refuses $says', ({ written, says }) => {
    expect(problemsOf(yaml(written))).toContainEqual(expect.stringContaining(`1 function.${says}`))
  })

  test('finds nothing else wrong with what is not supported yet', () => {
    const later = {
      callers: { clusters: { 'prod-1': { tokenSha256: [hex, hex] } }, publicEndpoint: 'accepted' },
      globalSecrets: {
        secretsManager: [{ secretId: 'a', group: 'b', key: 'c' }],
        allow: [{ groups: ['db-*'], namespaces: ['*-production'], clusters: ['a'], users: ['b'] }],
        ttlMs: 1,
        maxStaleMs: 1,
      },
      embedded: {
        allow: [{ projects: ['a'], domains: ['b'], clusters: ['c'], namespaces: ['d'], users: ['e'] }],
        image: 'busybox',
      },
      aws: {
        fetcher: 'cli',
        cliImage: 'amazon/aws-cli',
        region: 'us-east-2',
        endpoint: 'http://localhost:4566',
      },
    }
    const problems = problemsOf(yaml(later))
    expect(problems).toHaveLength(7)
    expect(problems.filter((problem) => !problem.endsWith('not supported by this version'))).toEqual([])
  })
})

describe('a selector of namespaces', () => {
  const right = [
    {},
    { matchLabels: { 'flyte.org/tasks': 'yes', a: '' } },
    { matchExpressions: [{ key: 'a', operator: 'In', values: ['b', ''] }] },
    {
      matchExpressions: [
        { key: 'a', operator: 'NotIn', values: ['b'] },
        { key: 'x.io/a', operator: 'Exists' },
      ],
    },
    { matchExpressions: [{ key: 'a', operator: 'DoesNotExist', values: [] }] },
  ].map((selector) => ({ selector }))
  test.each(right)('may be $selector', ({ selector }) => {
    expect(
      configOf(yaml({ registration: { namespaceSelector: selector } })).function.registration
        .namespaceSelector,
    ).toEqual(selector)
  })

  const wrong = [
    { selector: { matchLabels: { a: 1 } }, says: 'matchLabels.a: must be text' },
    { selector: { matchLabels: { a: '-' } }, says: 'matchLabels.a: must be the value of a label' },
    { selector: { matchLabels: { 'a b': 'c' } }, says: 'matchLabels["a b"]: must be the key of a label' },
    { selector: { matchExpressions: [{ operator: 'Exists' }] }, says: 'matchExpressions[0].key: is missing' },
    {
      selector: { matchExpressions: [{ key: 'a', operator: 'in' }] },
      says: 'matchExpressions[0].operator: must be In, NotIn, Exists or DoesNotExist; did you mean In?',
    },
    {
      selector: { matchExpressions: [{ key: 'a', operator: 'In' }] },
      says: 'matchExpressions[0].values: must be given',
    },
    {
      selector: { matchExpressions: [{ key: 'a', operator: 'NotIn', values: [] }] },
      says: 'matchExpressions[0].values: must be given',
    },
    {
      selector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] },
      says: 'matchExpressions[0].values: must be given',
    },
    {
      selector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['b c'] }] },
      says: 'matchExpressions[0].values[0]: must be the value of a label',
    },
    {
      selector: { matchExpression: [] },
      says: 'matchExpression: is no key here; did you mean matchExpressions?',
    },
  ]
  test.each(wrong)('refuses $says', ({ selector, says }) => {
    expect(problemsOf(yaml({ registration: { namespaceSelector: selector } }))).toEqual([
      expect.stringContaining(`1 function.registration.namespaceSelector.${says}`),
    ])
  })

  test('may stand where Flyte 2 has it, but not in both places', () => {
    const selector = '{matchLabels: {a: b}}'
    expect(
      configOf(`webhook: {namespaceSelector: ${selector}}`).function.registration.namespaceSelector,
    ).toEqual({ matchLabels: { a: 'b' } })
    expect(
      problemsOf(
        `webhook: {namespaceSelector: ${selector}}\nfunction: {registration: {namespaceSelector: ${selector}}}`,
      ),
    ).toEqual([
      '1 webhook.namespaceSelector: says the same as function.registration.namespaceSelector: leave one out',
    ])
  })
})
