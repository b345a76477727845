import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withSection } from '../support/marked-section.ts'
import { answerRows, faultRows, reliabilityFile, rowsSection, rowsTable } from './rows.ts'

describe('the table of the runtime in docs/reliability.md', () => {
  it('is current: `npm run docs` writes it', async () => {
    const document = await readFile(reliabilityFile, 'utf8')
    expect(document).toBe(withSection(document, rowsSection, rowsTable()))
  })

  it.each([
    { file: 'answers.e2e.ts', name: 'answerRows', rows: answerRows },
    { file: 'faults.e2e.ts', name: 'faultRows', rows: faultRows },
  ])('has no row of $name without a test', async ({ file, name, rows }) => {
    const tests = await readFile(join(import.meta.dirname, file), 'utf8')
    for (const row of Object.keys(rows)) expect(tests).toContain(`\${${name}.${row}.outcome}`)
  })
})
