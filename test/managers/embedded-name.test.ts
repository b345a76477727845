import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLabelValue } from '../../lib/kubernetes-names.ts'
import { embeddedPaths, embeddedVariable, scopedNames } from '../../lib/managers/embedded-name.ts'
import { flyteLabels } from './decided.ts'
import { podFacts, requestOf } from '../../lib/manager-testing/samples.ts'

describe('the names of an embedded secret', () => {
  it('are one for each scope, without the group', () => {
    const request = requestOf({ group: 'ignored', groupVersion: '1', key: 'My-Key' })
    expect(scopedNames(request, podFacts({ labels: flyteLabels }), undefined)).toEqual({
      kind: 'names',
      project: 'u__org__flyte__domain__development__project__flytesnacks__key__My-Key',
      domain: 'u__org__flyte__domain__development__project____key__My-Key',
      organization: 'u__org__flyte__domain____project____key__My-Key',
    })
  })

  const { organization, domain, project } = flyteLabels
  it.each([
    { key: '', labels: flyteLabels, why: 'it needs a key' },
    { key: 'k', labels: { domain, project }, why: 'the pod lacks the label organization' },
    { key: 'k', labels: { organization, domain: '', project }, why: 'the pod lacks the label domain' },
    { key: 'k', labels: { organization }, why: 'the pod lacks the label domain, the label project' },
    {
      key: 'k',
      labels: { organization: 'o'.repeat(64), domain: 'd\n', project },
      why: 'Kubernetes does not allow the value of the label organization, the label domain',
    },
  ])('are invalid: $why', ({ key, labels, why }) => {
    expect(scopedNames(requestOf({ key }), podFacts({ labels }), undefined)).toEqual({
      kind: 'not-mine',
      reason: why,
    })
  })
})

describe('the names of an embedded secret, with rules', () => {
  const everything = [{ organizations: ['*'], domains: ['*'], projects: ['*'] }]
  const namesFor = (organization: string, domain: string, project: string, key: string) =>
    scopedNames(requestOf({ key }), podFacts({ labels: { organization, domain, project } }), everything)

  /** Each way to divide a text at a separator, with a part before it that can be a label. */
  const divided = (text: string, separator: string, mayBeEmpty: boolean): [string, string][] =>
    [...text.matchAll(new RegExp(`(?=${separator})`, 'g'))]
      .map(({ index }): [string, string] => [text.slice(0, index), text.slice(index + separator.length)])
      .filter(([before]) => isLabelValue(before) && (mayBeEmpty || before !== ''))

  /** Each owner and key that a name can belong to. The domain and the project are empty in the wider scopes. */
  const readingsOf = (name: string) =>
    divided(name.slice('u__org__'.length), '__domain__', false).flatMap(([organization, afterwards]) =>
      divided(afterwards, '__project__', true).flatMap(([domain, rest]) =>
        divided(rest, '__key__', true)
          .filter(([project, key]) => key !== '' && (domain !== '' || project === ''))
          .map(([project, key]) => ({ organization, domain, project, key })),
      ),
    )
  const isClaimable = ({ organization, domain, project, key }: ReturnType<typeof readingsOf>[number]) =>
    namesFor(organization, domain || 'd', project || 'p', key).kind === 'names'

  it('belong to one owner only, however their labels are written', () => {
    const words = fc.array(fc.constantFrom('a', 'org', 'domain', 'project', 'key', '__', '__', '_'), {
      minLength: 1,
      maxLength: 7,
    })
    const text = words.map((each) => each.join(''))
    const label = text.filter(isLabelValue)
    let ambiguous = 0
    fc.assert(
      fc.property(label, label, label, text, (organization, domain, project, key) => {
        const names = namesFor(organization, domain, project, key)
        const all = [
          `u__org__${organization}__domain__${domain}__project__${project}__key__${key}`,
          ...(names.kind === 'names' ? [names.domain, names.organization] : []),
        ].map(readingsOf)
        if (all.some((readings) => readings.length > 1)) ambiguous += 1
        for (const readings of all) expect(readings.filter(isClaimable).length).toBeLessThanOrEqual(1)
      }),
      { numRuns: 5_000 },
    )
    expect(ambiguous).toBeGreaterThan(50)
  })

  it('are given for labels and keys that have underscores, but no separator', () => {
    expect(namesFor('team__a', 'dev_1', 'a__keys', 'a__key__b')).toMatchObject({ kind: 'names' })
  })
})

describe('the variable of an embedded secret', () => {
  it.each([
    { fields: { key: 'My-Key' }, name: '_UNION_MY-KEY' },
    { fields: { group: 'g', key: 'straße' }, name: '_UNION_STRASSE' },
    { fields: { key: 'k', envVar: 'MY_KEY' }, name: 'MY_KEY' },
  ])('is $name', ({ fields, name }) => {
    expect(embeddedVariable(requestOf(fields), '_UNION_')).toBe(name)
  })
})

describe('the files of an embedded secret', () => {
  it.each([
    { key: 'k', relative: ['k'] },
    { key: 'My-Key', relative: ['my-key', 'My-Key'] },
    { key: 'Dir//b', relative: ['dir/b', 'Dir/b'] },
  ])('are $relative, for any group', ({ key, relative }) => {
    expect(embeddedPaths(requestOf({ group: 'g', groupVersion: '1', key }), podFacts())).toEqual({
      kind: 'paths',
      absolute: relative.map((path) => `/etc/flyte/secrets/${path}`),
    })
  })

  it.each([
    { key: '..', why: 'the path of its file would have a segment "." or ".."' },
    { key: '/', why: 'the path of its file would be empty' },
    // In lower case, İ has 3 bytes and ß 2; as written, they have 2 and 3.
    { key: 'İ'.repeat(100), why: 'the path of its file would be longer than a file system allows' },
    { key: 'ẞ'.repeat(100), why: 'the path of its file would be longer than a file system allows' },
  ])('are invalid: $why', ({ key, why }) => {
    expect(embeddedPaths(requestOf({ key }), podFacts())).toEqual({ kind: 'unusable', why })
  })

  it('need a Linux container, which no pod for Windows runs', () => {
    const paths = embeddedPaths(requestOf({ key: 'k' }), { ...podFacts(), os: 'windows' })
    expect(paths).toMatchObject({ kind: 'unusable', why: expect.stringContaining('Windows') })
  })
})
