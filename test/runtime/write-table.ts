// A part of npm run docs: writes the scenarios of this folder's tests to docs/reliability.md.
import { writeSection } from '../support/marked-section.ts'
import { reliabilityFile, rowsSection, rowsTable } from './rows.ts'

await writeSection(reliabilityFile, rowsSection, rowsTable())
