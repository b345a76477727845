import { describe, expect, it } from 'vitest'
import { withEnvFiles, withManagers, withProfile } from '../../infra/playground/page/config-text.ts'
import { configOf } from '../support/webhook.ts'

const commented = `# ours
webhook:
  secretManagerType: Vault # the older spelling
  vaultSecretManager: {role: tasks}
function:
  onFailure: admit # as before
`

describe('a choice of the playground', () => {
  it.each([
    { what: 'an empty text', text: '' },
    { what: 'sections without keys', text: 'webhook:\nfunction:\n' },
    { what: 'only a comment', text: '# nothing yet\n' },
    { what: 'JSON', text: '{"function": {"profile": "flyte1"}}' },
    { what: 'a text with comments', text: commented },
    {
      what: 'duplicate sections',
      text: 'webhook: {secretManagerType: K8s}\nwebhook: {secretManagerTypes: [GCP]}\n',
    },
    {
      what: 'keys in another case',
      text: 'Webhook: {secretmanagertypes: [GCP]}\nFunction: {Profile: flyte1}\n',
    },
    { what: 'a merge key', text: 'function: &f {}\nwebhook: {<<: {secretManagerTypes: [GCP]}}\n' },
  ])('is written into $what', ({ text }) => {
    const config = configOf(withManagers(withProfile(text, 'flyte2'), ['AWS', 'K8s']))
    expect(config.function.profile).toBe('flyte2')
    expect(config.webhook.secretManagerTypes).toEqual(['AWS', 'K8s'])
  })

  it('leaves everything else unchanged', () => {
    const text = withProfile(commented, 'flyte2')
    expect(text).toBe(`${commented}  profile: flyte2\n`)
  })

  it('removes the older key, which has no effect beside the newer one', () => {
    expect(withManagers(commented, ['K8s'])).not.toContain('secretManagerType:')
  })

  it('of managers writes the profile that applies, because the list is a key of Flyte 2', () => {
    expect(withManagers('webhook:\n', ['K8s'])).toBe(
      'webhook:\n  secretManagerTypes: [K8s]\nfunction:\n  profile: flyte1\n',
    )
    expect(withManagers('function: {profile: flyte2}\n', ['K8s'])).toContain('flyte2')
  })

  it('of no manager leaves only Global', () => {
    expect(configOf(withManagers('', [])).webhook.secretManagerTypes).toEqual(['Global'])
  })

  it('of env files writes what a manager needs for them, and keeps the rest', () => {
    const way = {
      kind: 'choice',
      key: 'fetcher',
      path: ['function', 'aws', 'fetcher'],
      value: 'cli',
      write: 'function.aws.fetcher: cli',
    } as const
    const text = 'function:\n  profile: flyte1 # ours\n  AWS: {cliImage: i}\n'
    expect(withEnvFiles(text, [way])).toBe(
      'function:\n  profile: flyte1 # ours\n  AWS: {cliImage: i, fetcher: cli}\n  envFiles: true\n',
    )
  })

  it('leaves a text that is not YAML unchanged', () => {
    expect(withProfile('webhook: [', 'flyte2')).toBe('webhook: [')
  })
})
