import { describe, expect, it } from 'vitest'
import {
  assertCallable,
  assertConfidential,
  assertNotLocal,
  assertRestricted,
} from '../../infra/build/deployment-rules.ts'
import type { Exposure } from '../../infra/resources/parameters.ts'
import { configFrom, sha256Hex } from '../support/webhook.ts'

const withCallers = (callers: object) => configFrom({ function: { callers } })
const digest = sha256Hex('token')
const open: Exposure = { kind: 'regional' }
const restricted: readonly Exposure[] = [
  { kind: 'regional', allowedCidrs: ['203.0.113.0/24'] },
  { kind: 'private', vpcEndpointIds: ['vpce-0123456789abcdef0'] },
]

describe('a built function', () => {
  it('must not accept everybody as a local one does', () => {
    expect(() => assertNotLocal(withCallers({ anonymous: 'local' }))).toThrow(
      /callers.anonymous: local is for npm start only/,
    )
    expect(() => assertNotLocal(withCallers({}))).not.toThrow()
    expect(() => assertNotLocal(withCallers({ anonymous: 'network-restricted' }))).not.toThrow()
  })

  it.each([
    {
      by: 'a digest in the configuration',
      callers: { clusters: { prod: { tokenSha256: [digest] } } },
      digests: '',
    },
    { by: "a digest of the stack's parameter", callers: {}, digests: `prod=${digest}` },
    { by: 'anybody whom the network admits', callers: { anonymous: 'network-restricted' }, digests: '' },
  ])('can be called by $by', ({ callers, digests }) => {
    expect(() => assertCallable(withCallers(callers), digests)).not.toThrow()
  })

  it.each([
    { what: 'nobody is configured', callers: {}, digests: ' ' },
    { what: 'a cluster has no digest', callers: { clusters: { prod: { tokenSha256: [] } } }, digests: '' },
  ])('is not packaged if $what', ({ callers, digests }) => {
    expect(() => assertCallable(withCallers(callers), digests)).toThrow(/nobody can call this function/)
  })

  it.each([
    { what: 'no digest', digests: 'prod=abc', says: /entry 1 is not <cluster>=<SHA-256 in hex>/ },
    {
      what: 'a third digest of one cluster',
      digests: [1, 2, 3].map((n) => `prod=${sha256Hex(String(n))}`).join(','),
      says: /prod has more than two digests/,
    },
  ])('is not packaged with $what, because it could not start', ({ digests, says }) => {
    expect(() => assertCallable(withCallers({}), digests)).toThrow(says)
  })

  it('that accepts everybody needs a restricted network', () => {
    const anonymous = withCallers({ anonymous: 'network-restricted' })
    expect(() => assertRestricted(anonymous, open)).toThrow(/open to the Internet/)
    for (const exposure of restricted) expect(() => assertRestricted(anonymous, exposure)).not.toThrow()
    expect(() => assertRestricted(withCallers({}), open)).not.toThrow()
  })

  it.each([
    {
      what: 'global secrets',
      sections: { function: { globalSecrets: { secretsManager: [{ secretId: 'a' }] } } },
    },
    {
      what: 'embedded secrets',
      sections: {
        webhook: { secretManagerTypes: ['Embedded'], embeddedSecretManagerConfig: { type: 'AWS' } },
        function: { profile: 'flyte1' },
      },
    },
  ])('exposes $what of Secrets Manager to the Internet only if that is accepted', ({ sections }) => {
    expect(() => assertConfidential(configFrom(sections), open)).toThrow(/publicEndpoint/)
    for (const exposure of restricted)
      expect(() => assertConfidential(configFrom(sections), exposure)).not.toThrow()
    const own = 'function' in sections ? sections.function : {}
    const accepted = { ...sections, function: { ...own, callers: { publicEndpoint: 'accepted' } } }
    expect(() => assertConfidential(configFrom(accepted), open)).not.toThrow()
  })

  it('can be open without such secrets', () => {
    expect(() => assertConfidential(configFrom({}), open)).not.toThrow()
  })
})
