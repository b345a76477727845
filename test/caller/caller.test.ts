import { describe, expect, it } from 'vitest'
import { createCallerCheck } from '../../lib/caller/caller.ts'

/** `printf %s <token> | sha256sum` */
const digests = {
  token: '3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0',
  new: '11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437',
}
const anyone = createCallerCheck({ tokenSha256: {}, anonymous: true })
const known = createCallerCheck({
  tokenSha256: { production: [digests.token, digests.new], staging: [digests.token], closed: [] },
  anonymous: false,
})

describe('a caller', () => {
  it.each([
    { where: 'at the root', path: '/production/Zm9v_-9/mutate--v1-pod' },
    { where: 'below a stage', path: '/dev/production/Zm9v_-9/mutate--v1-pod' },
  ])('with an unchecked token has no cluster, $where', ({ path }) => {
    expect(anyone(path)).toEqual({ cluster: undefined, resource: 'mutate--v1-pod' })
  })

  it.each([
    { path: '/production/token/mutate--v1-pod', cluster: 'production' },
    { path: '/staging/token/mutate--v1-pod', cluster: undefined },
    { path: '/production/other/mutate--v1-pod', cluster: undefined },
  ])('is the cluster that its token proves, even if any token is accepted: $path', ({ path, cluster }) => {
    const check = createCallerCheck({ tokenSha256: { production: [digests.token] }, anonymous: true })
    expect(check(path)).toEqual({ cluster, resource: 'mutate--v1-pod' })
  })

  it('can have a name of 63 characters', () => {
    const cluster = `${'c'.repeat(61)}-1`
    const check = createCallerCheck({ tokenSha256: { [cluster]: [digests.token] }, anonymous: false })
    expect(check(`/${cluster}/token/healthz`)).toEqual({ cluster, resource: 'healthz' })
  })

  it('can ask for the health', () => {
    expect(anyone('/production/token/healthz')).toEqual({ cluster: undefined, resource: 'healthz' })
  })

  it.each([
    { what: 'no token', path: '/production/mutate--v1-pod' },
    { what: 'an empty token', path: '/production//mutate--v1-pod' },
    { what: 'an empty cluster', path: '//token/mutate--v1-pod' },
    { what: 'a cluster in upper case', path: '/Production/token/mutate--v1-pod' },
    { what: 'a cluster with an underscore', path: '/pro_duction/token/mutate--v1-pod' },
    { what: 'a cluster of 64 characters', path: `/${'c'.repeat(64)}/token/mutate--v1-pod` },
    { what: 'a token other than base64url', path: '/production/to+ken/mutate--v1-pod' },
    { what: 'two more segments in front', path: '/a/b/production/token/mutate--v1-pod' },
    { what: 'another webhook', path: '/production/token/validate--v1-pod' },
    { what: 'a slash at its end', path: '/production/token/mutate--v1-pod/' },
    { what: 'a line end', path: '/production/token/mutate--v1-pod\n' },
    { what: 'no slash at its start', path: 'production/token/mutate--v1-pod' },
    { what: 'no characters', path: '' },
  ])('is unknown if its path has $what', ({ path }) => {
    expect(anyone(path)).toBeUndefined()
    expect(known(path)).toBeUndefined()
  })
})

describe('a token', () => {
  it.each([
    { what: 'in the first slot', path: '/production/token/mutate--v1-pod', cluster: 'production' },
    { what: 'in the second slot', path: '/production/new/mutate--v1-pod', cluster: 'production' },
    { what: 'in the only slot, below a stage', path: '/dev/staging/token/healthz', cluster: 'staging' },
  ])('is accepted $what of its cluster', ({ path, cluster }) => {
    expect(known(path)).toMatchObject({ cluster })
  })

  it.each([
    { what: 'of nobody', path: '/production/other/mutate--v1-pod' },
    { what: 'in another case', path: '/production/Token/mutate--v1-pod' },
    { what: 'of another cluster', path: '/staging/new/mutate--v1-pod' },
    { what: 'of a cluster without digests', path: '/closed/token/mutate--v1-pod' },
    { what: 'of an unknown cluster', path: '/unknown/token/mutate--v1-pod' },
    { what: 'of a cluster named like a property of every object', path: '/constructor/token/mutate--v1-pod' },
    { what: 'that equals the digest', path: `/production/${digests.token}/mutate--v1-pod` },
    { what: 'for another resource', path: '/production/token/metrics' },
  ])('is refused $what', ({ path }) => {
    expect(known(path)).toBeUndefined()
  })
})
