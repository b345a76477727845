// A part of npm run docs: writes the faults of docs/troubleshooting.md, which tests cause at a real API server.
import { writeSection } from '../support/marked-section.ts'
import { faultsSection, faultsText, troubleshootingFile } from './document.ts'
import { allFaults } from './faults.ts'

await writeSection(troubleshootingFile, faultsSection, faultsText(allFaults))
