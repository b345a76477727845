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
  test.each(right)('can be $written', ({ written, is }) => {
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
      says: 'callers.clusters["a/b"]: is not a valid name of a cluster in a URL: use 1 to 63 lower-case letters, digits and hyphens',
    },
    {
      written: { callers: { clusters: { Prod_1: {} } } },
      says: 'callers.clusters.Prod_1: is not a valid name of a cluster',
    },
    {
      written: { callers: { clusters: { ['c'.repeat(64)]: {} } } },
      says: `callers.clusters.${'c'.repeat(64)}: is not a valid name of a cluster`,
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
      written: { globalSecrets: { secretsManager: [{ secretIdd: 'a' }] } },
      says: 'globalSecrets.secretsManager[0].secretIdd: unknown key; did you mean secretId?',
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
      written: { embedded: { allow: [{ organizations: ['*'], projects: ['*'] }] } },
      says: 'embedded.allow[0].domains: is missing: name at least one, or * for all',
    },
    {
      written: { embedded: { allow: [{ projects: ['*'], domains: ['*'] }] } },
      says: 'embedded.allow[0].organizations: is missing: name at least one, or * for all',
    },
    {
      written: { embedded: { allow: [{ organizations: [], projects: ['*'], domains: ['*'] }] } },
      says: 'embedded.allow[0].organizations: must name at least one',
    },
    {
      written: { embedded: { allow: [{ projects: ['*'], domains: ['*'] }] } },
      says: 'embedded.allow[0].organizations: is missing',
    },
  ]
  test.each(wrong)('refuses $says', ({ written, says }) => {
    expect(problemsOf(yaml(written))).toContainEqual(expect.stringContaining(`1 function.${says}`))
  })

  test('keeps all of its keys', () => {
    const written = {
      globalSecrets: {
        secretsManager: [{ secretId: 'a', group: 'b', key: 'c' }, { secretId: 'd' }],
        allow: [{ groups: ['db-*'], namespaces: ['*-production'], clusters: ['a'], users: ['b'] }],
        ttlMs: 1,
        maxStaleMs: 2,
      },
      embedded: {
        allow: [
          {
            organizations: ['o'],
            projects: ['a'],
            domains: ['b'],
            clusters: ['c'],
            namespaces: ['d'],
            users: ['e'],
          },
        ],
      },
      aws: {
        fetcher: 'cli',
        cliImage: 'amazon/aws-cli',
        region: 'us-east-2',
        endpoint: 'http://localhost:4566',
      },
    }
    expect(configOf(yaml(written)).function).toMatchObject(written)
    expect(problemsOf(yaml({ callers: { publicEndpoint: 'accepted' } }))).toEqual([])
  })
})
