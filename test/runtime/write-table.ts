// A part of npm run docs: writes into docs/reliability.md what the tests of this folder show.
import { writeSection } from '../support/marked-section.ts'
import { reliabilityFile, rowsSection, rowsTable } from './rows.ts'

await writeSection(reliabilityFile, rowsSection, rowsTable())
