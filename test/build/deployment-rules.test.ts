import { describe, expect, it } from 'vitest'
import { assertCallable, assertConfidential, assertNotLocal } from '../../infra/build/deployment-rules.ts'
import { configFrom, sha256Hex } from '../support/webhook.ts'

const withCallers = (callers: object) => configFrom({ function: { callers } })
const digest = sha256Hex('token')

describe('a function that is built', () => {
  it('must not let everybody in because it is local', () => {
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
    { by: 'anybody whom the network lets in', callers: { anonymous: 'network-restricted' }, digests: '' },
  ])('can be called by $by', ({ callers, digests }) => {
    expect(() => assertCallable(withCallers(callers), digests)).not.toThrow()
  })

  it.each([
    { what: 'nobody is named', callers: {}, digests: ' ' },
    { what: 'a cluster has no digest', callers: { clusters: { prod: { tokenSha256: [] } } }, digests: '' },
  ])('is not packaged where $what', ({ callers, digests }) => {
    expect(() => assertCallable(withCallers(callers), digests)).toThrow(/nobody could call this function/)
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
      },
    },
  ])(
    'does not give out $what of Secrets Manager to the Internet, unless that is accepted',
    ({ sections }) => {
      expect(() => assertConfidential(configFrom(sections))).toThrow(/publicEndpoint/)
      const own = 'function' in sections ? sections.function : {}
      const accepted = { ...sections, function: { ...own, callers: { publicEndpoint: 'accepted' } } }
      expect(() => assertConfidential(configFrom(accepted))).not.toThrow()
    },
  )

  it('may be open where it holds no such secret', () => {
    expect(() => assertConfidential(configFrom({}))).not.toThrow()
  })
})
