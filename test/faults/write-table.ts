// A part of npm run docs: writes the table of docs/troubleshooting.md from the faults that are played through a real API server.
import { writeSection } from '../support/marked-section.ts'
import { allFaults } from './faults.ts'
import { faultsSection, faultsTable, troubleshootingFile } from './table.ts'

await writeSection(troubleshootingFile, faultsSection, faultsTable(allFaults))
