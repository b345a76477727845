import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { withSection } from '../support/marked-section.ts'
import { allFaults } from './faults.ts'
import { faultsSection, faultsTable, troubleshootingFile } from './table.ts'

const table = faultsTable(allFaults)

describe('docs/troubleshooting.md', () => {
  it('is current: `npm run docs` writes its table', async () => {
    const document = await readFile(troubleshootingFile, 'utf8')
    expect(document).toBe(withSection(document, faultsSection, table))
  })
})

describe('the table of faults', () => {
  it('has a row of as many cells as its head for each', () => {
    const rows = table.split('\n')
    expect(rows).toHaveLength(allFaults.length + 2)
    for (const row of rows) expect(row.split(' | ')).toHaveLength(5)
  })
})

describe('a marked section', () => {
  const section = { name: 'x', command: 'npm run x' }
  const document = 'a\n<!-- x: written by `npm run x` -->\nold\n<!-- x: end -->\nb\n'

  it('is replaced, and nothing around it', () => {
    const written = withSection(document, section, 'new')
    expect(written).toBe('a\n<!-- x: written by `npm run x` -->\n\nnew\n\n<!-- x: end -->\nb\n')
    expect(withSection(written, section, 'new')).toBe(written)
  })

  it.each(['', '<!-- x: end -->', '<!-- x: end --> <!-- x: written by `npm run x` -->'])(
    'has to be there: %j',
    (text) => {
      expect(() => withSection(text, section, 'new')).toThrow('write these two lines where the section')
    },
  )
})
