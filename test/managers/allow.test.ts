import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupRuling, mayClaim } from '../../lib/managers/allow.ts'
import { matches } from '../../lib/name-pattern.ts'
import { podFacts } from './resolved.ts'

const pod = { ...podFacts({ project: 'flytesnacks', domain: 'production' }), namespace: 'team-a-production' }

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

  it('means what the same regular expression means', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 })
    const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 })
    fc.assert(
      fc.property(letters, texts, (pattern, text) => {
        expect(matches(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text))
      }),
    )
  })
})

describe('who may get a global group', () => {
  const rules = [
    { groups: ['db-*'], namespaces: ['*-production'] },
    { groups: ['db-shared'], namespaces: ['*'], clusters: ['blue'], users: ['*propeller'] },
  ]

  it.each([
    { what: 'a rule gives it to the namespace', group: 'db-admin', facts: {}, ruling: 'given' },
    { what: 'whatever the case of the group', group: 'DB-Admin', facts: {}, ruling: 'given' },
    { what: 'another namespace', group: 'db-admin', facts: { namespace: 'dev' }, ruling: 'kept' },
    {
      what: 'another rule gives it',
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

describe('who may claim a project', () => {
  const rules = [{ projects: ['flyte*'], domains: ['production'], namespaces: ['team-a-*'] }]

  it.each([
    { what: 'as the rule has it', facts: {}, may: true },
    { what: 'of another namespace', facts: { namespace: 'team-b-production' }, may: false },
    { what: 'of another project', facts: { labels: { project: 'other', domain: 'production' } }, may: false },
    {
      what: 'of another domain',
      facts: { labels: { project: 'flytesnacks', domain: 'development' } },
      may: false,
    },
    { what: 'without labels', facts: { labels: {} }, may: false },
  ])('a pod $what: $may', ({ facts, may }) => {
    expect(mayClaim(rules, { ...pod, ...facts })).toBe(may)
  })
})
