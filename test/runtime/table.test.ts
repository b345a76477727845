import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { withSection } from '../support/marked-section.ts'
import { reliabilityFile, rowsSection, rowsTable } from './rows.ts'

it('docs/reliability.md is current: `npm run docs` writes its table of the runtime', async () => {
  const document = await readFile(reliabilityFile, 'utf8')
  expect(document).toBe(withSection(document, rowsSection, rowsTable()))
})
