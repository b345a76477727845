import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayClaim } from '../../lib/managers/allow.ts'
import { groupRuling } from '../../lib/managers/group-rules.ts'
import { matches } from '../../lib/name-pattern.ts'
import { variableName } from '../../lib/request/names.ts'
import { SecretValue } from '../../lib/secret-value.ts'
import type { SecretCache } from '../../lib/stores/cache.ts'
import { createEnvironmentStore } from '../../lib/stores/environment.ts'
import { createGlobalSecretStore } from '../../lib/stores/global-secrets.ts'
import type { SecretStore } from '../../lib/stores/secret-store.ts'
import { podFacts } from '../../lib/manager-testing/samples.ts'

const labels = { organization: 'team-a', project: 'flytesnacks', domain: 'production' }
const pod = podFacts({ labels, namespace: 'team-a-production' })

describe('a pattern', () => {
  it.each([
    { pattern: 'db', text: 'db', does: true },
    { pattern: 'db', text: 'db-1', does: false },
    { pattern: 'db-*', text: 'db-', does: true },
    { pattern: '*-production', text: 'a-production', does: true },
    { pattern: '*-production', text: 'a-production-b', does: false },
    { pattern: 'a*b*c', text: 'a-b-b-c', does: true },
    { pattern: 'a*b*c', text: 'a-c-b', does: false },
    { pattern: 'ab*ba', text: 'aba', does: false },
    { pattern: '*', text: '', does: true },
    { pattern: '**', text: 'x', does: true },
    { pattern: '', text: 'x', does: false },
    { pattern: 'a.c', text: 'abc', does: false },
  ])('$pattern and $text: $does', ({ pattern, text, does }) => {
    expect(matches(pattern, text)).toBe(does)
  })

  it('matches the same texts as the equivalent regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 })
    const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 })
    fc.assert(
      fc.property(letters, texts, (pattern, text) => {
        expect(matches(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text))
      }),
    )
  })
})

describe('the ruling on a global group', () => {
  const rules = [
    { groups: ['db-*'], namespaces: ['*-production'] },
    { groups: ['db-shared'], namespaces: ['*'], clusters: ['blue'], users: ['*propeller'] },
  ]

  it.each([
    { what: 'a rule for the namespace', group: 'db-admin', facts: {}, ruling: 'given' },
    { what: 'a group in another case', group: 'DB-Admin', facts: {}, ruling: 'given' },
    { what: 'another namespace', group: 'db-admin', facts: { namespace: 'dev' }, ruling: 'kept' },
    {
      what: 'another rule',
      group: 'db-shared',
      facts: { namespace: 'dev', cluster: 'blue' },
      ruling: 'given',
    },
    { what: 'another cluster', group: 'db-shared', facts: { namespace: 'dev' }, ruling: 'kept' },
    {
      what: 'another user',
      group: 'db-shared',
      facts: { namespace: 'dev', cluster: 'blue', user: 'eve' },
      ruling: 'kept',
    },
    { what: 'no rule names it', group: 'api', facts: {}, ruling: 'unnamed' },
  ])('$what: $ruling', ({ group, facts, ruling }) => {
    expect(groupRuling(rules, group, { ...pod, ...facts })).toBe(ruling)
  })
})

describe('a name in other cases', () => {
  // Letters with several upper or lower cases, without any, or with another letter's.
  const letters = fc.constantFrom(...'aAsSiIfFkKnN-', ...'ßẞſıİŉﬁ\u212aσςΣΐᾳᾼǆǅ', '\u0307', '\u02bc')
  const names = fc.string({
    unit: fc.oneof(letters, fc.string({ minLength: 1, maxLength: 1, unit: 'binary' })),
    minLength: 1,
    maxLength: 4,
  })
  const isOneForRules = (one: string, other: string): boolean =>
    groupRuling([{ groups: [one], namespaces: ['*'] }], other, pod) === 'given'
  const has = async (store: SecretStore, group: string, key: string): Promise<boolean> =>
    (await store.get(group, key, new AbortController().signal)).kind === 'value'
  const isOneForEnvironment = (one: string, other: string): Promise<boolean> =>
    has(createEnvironmentStore('P_', { [variableName('P_', one, 'k')]: 'v' }), other, 'k')
  /** Whether a secret that is listed with one group or key is found by the other, in an object and as a single value. */
  const areOneForListed = (one: string, other: string): Promise<readonly boolean[]> => {
    const cacheOf = (text: string): SecretCache => {
      const content = { kind: 'text', text: new SecretValue(text) } as const
      return { get: async () => ({ kind: 'value', content, ageMs: 0, stale: false }) }
    }
    const object = JSON.stringify({ [one]: 'v' })
    const { group, key } = {
      group: { secretId: 's', group: one, key: 'k' },
      key: { secretId: 's', key: one },
    }
    return Promise.all([
      has(createGlobalSecretStore([group], cacheOf('v')), other, 'k'),
      has(createGlobalSecretStore([key], cacheOf('v')), 's', other),
      has(createGlobalSecretStore([{ secretId: 's' }], cacheOf(object)), 's', other),
    ])
  }

  it.each([
    ['straße', 'strasse', true],
    ['straße', 'STRASSE', true],
    ['ſ', 's', true],
    ['\u212a', 'k', false],
    ['İ', 'i̇', false],
    ['a', 'ä', false],
  ] as const)('%s and %s are one group for rules and environment: %s', async (one, other, areOne) => {
    expect([isOneForRules(one, other), await isOneForEnvironment(one, other)]).toEqual([areOne, areOne])
  })

  it('is the same group for the rules if and only if it is for the environment and for listed secrets', async () => {
    const same = (name: string) =>
      fc.constantFrom(
        name,
        name.toLowerCase(),
        name.toUpperCase(),
        name.normalize('NFKC'),
        name.toLowerCase().toUpperCase(),
      )
    const pairs = fc.oneof(
      fc.tuple(names, names),
      names.chain((name) => fc.tuple(fc.constant(name), same(name))),
    )
    await fc.assert(
      fc.asyncProperty(pairs, async ([one, other]) => {
        fc.pre(!one.includes('*'))
        const isOne = isOneForRules(one, other)
        expect(await isOneForEnvironment(one, other)).toBe(isOne)
        expect(await areOneForListed(one, other)).toEqual([isOne, isOne, isOne])
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('the claim of a project', () => {
  const rules = [
    { organizations: ['team-a'], projects: ['flyte*'], domains: ['production'], namespaces: ['team-a-*'] },
    { organizations: ['team-b'], projects: ['*'], domains: ['*'], clusters: ['*'] },
  ]

  it.each([
    { what: 'that matches the rule', facts: {}, may: true },
    { what: 'of another namespace', facts: { namespace: 'team-b-production' }, may: false },
    { what: 'of another organization', facts: { labels: { ...labels, organization: 'bank' } }, may: false },
    { what: 'of another project', facts: { labels: { ...labels, project: 'other' } }, may: false },
    { what: 'of another domain', facts: { labels: { ...labels, domain: 'development' } }, may: false },
    {
      what: 'that matches another rule',
      facts: { labels: { ...labels, organization: 'team-b' } },
      may: true,
    },
    {
      what: 'of a cluster that no token proves, under any rule',
      facts: { labels: { ...labels, organization: 'team-b' }, cluster: undefined },
      may: false,
    },
    { what: 'without labels', facts: { labels: {} }, may: false },
  ])('a pod $what: $may', ({ facts, may }) => {
    expect(mayClaim(rules, { ...pod, ...facts })).toBe(may)
  })
})
