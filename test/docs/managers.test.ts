import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../lib/webhook-yaml.ts'
import { makesFilesOnly, managerNames } from '../support/managers.ts'
import { blocksOf, headingsOf } from '../support/markdown.ts'
import { chaptersOf, managersFile, withPreviews } from './managers-page.ts'

const page = await readFile(managersFile, 'utf8')

describe('docs/managers.md', () => {
  it('shows what its commands print: `npm run docs` writes it', async () => {
    expect(await withPreviews(page)).toBe(page)
  })

  it('has a line for each manager in its table, in the order of lib/managers/built-in.ts, and says which make variables', () => {
    const rows = [...page.matchAll(/^\| `(\w+)`[^|]*\|[^|]*\| (yes|–) \|/gm)]
    expect(rows.map(([, name, asVariable]) => ({ name, asVariable }))).toEqual(
      managerNames.map((name) => ({ name, asVariable: makesFilesOnly(name) ? '–' : 'yes' })),
    )
  })

  it('has a chapter for each manager, and for each way in which it works', () => {
    const headings = chaptersOf(page).map(({ heading }) => heading)
    expect(new Set(headings.map((heading) => heading.split(',')[0]))).toEqual(new Set(managerNames))
    expect(headings.filter((heading) => heading.includes(','))).toEqual([
      'AWS, by the sidecar',
      'AWS, by the AWS CLI',
      'Embedded, of the type K8s',
      'Embedded, of the type AWS',
    ])
  })

  it.each(chaptersOf(page))(
    'has a configuration for $heading, with the notices that its text explains',
    (chapter) => {
      const { kind, notices } = parseConfig(chapter.config)
      const explained =
        chapter.heading === 'AWS, by the sidecar' ? [expect.stringContaining('EKS Pod Identity')] : []
      expect(kind).toBe('config')
      expect(notices.map(({ message }) => message)).toEqual(explained)
    },
  )

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
