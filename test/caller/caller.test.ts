import { describe, expect, it } from 'vitest'
import { identifyCaller } from '../../lib/caller/caller.ts'

describe('the caller', () => {
  it.each([
    { where: 'at the root', path: '/production/Zm9v_-9/mutate--v1-pod', cluster: 'production' },
    { where: 'below a stage', path: '/dev/production/Zm9v_-9/mutate--v1-pod', cluster: 'production' },
  ])('is the cluster that its path names, $where', ({ path, cluster }) => {
    expect(identifyCaller(path)).toEqual({ cluster })
  })

  it.each([
    { what: 'no token', path: '/production/mutate--v1-pod' },
    { what: 'an empty token', path: '/production//mutate--v1-pod' },
    { what: 'an empty cluster', path: '//token/mutate--v1-pod' },
    { what: 'a token that is no base64url', path: '/production/to+ken/mutate--v1-pod' },
    { what: 'two folders above', path: '/a/b/production/token/mutate--v1-pod' },
    { what: 'another webhook', path: '/production/token/validate--v1-pod' },
    { what: 'a slash at its end', path: '/production/token/mutate--v1-pod/' },
    { what: 'a line end', path: '/production/token/mutate--v1-pod\n' },
    { what: 'no slash at its start', path: 'production/token/mutate--v1-pod' },
    { what: 'nothing', path: '' },
  ])('is nobody for a path with $what', ({ path }) => {
    expect(identifyCaller(path)).toBeUndefined()
  })
})
