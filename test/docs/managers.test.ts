import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../lib/config/parse.ts'
import { blocksOf, headingsOf } from '../support/markdown.ts'
import { chaptersOf, managersFile, withPreviews } from './managers-page.ts'

const page = await readFile(managersFile, 'utf8')

describe('docs/managers.md', () => {
  it('shows what its commands print: `npm run docs` writes it', async () => {
    expect(await withPreviews(page)).toBe(page)
  })

  it('has a chapter for each way to a secret', () => {
    expect(chaptersOf(page).map(({ heading }) => heading)).toEqual([
      'K8s',
      'Global',
      'AWS, by the sidecar',
      'AWS, by the AWS CLI',
      'GCP',
      'Azure',
      'Vault',
      'Embedded, of the type K8s',
      'Embedded, of the type AWS',
    ])
  })

  it.each(chaptersOf(page))('has a configuration for $heading without problems or notices', ({ config }) => {
    const parsed = parseConfig(config)
    expect(parsed).toMatchObject({ kind: 'config' })
    expect(parsed.kind === 'config' && parsed.notices).toEqual([])
  })

  it('has a preview in each of them in which the manager finds the secrets', () => {
    for (const { heading } of chaptersOf(page)) {
      const [manager = ''] = heading.split(',')
      const [printed = ''] = blocksOf(page, heading, 'diff')
      expect(printed).toMatch(new RegExp(`^  ${manager}: found: `, 'm'))
      expect(printed.match(/^flyte\.secrets\//gm)).toHaveLength(printed.match(/: found: /g)?.length ?? 0)
    }
  })

  it('has policies that are JSON', () => {
    const policies = headingsOf(page).flatMap((heading) => blocksOf(page, heading, 'json'))
    expect(policies.length).toBeGreaterThan(0)
    for (const policy of policies) expect(JSON.parse(policy)).toMatchObject({ Version: '2012-10-17' })
  })
})
