// A part of npm run docs: writes the messages of docs/troubleshooting.md from the catalogue.
import { writeSection } from '../support/marked-section.ts'
import { chapters } from './catalogue/chapters.ts'
import {
  messagesSection,
  messagesText,
  outcomesSection,
  outcomesText,
  troubleshootingFile,
} from './document.ts'

await writeSection(troubleshootingFile, messagesSection, messagesText(chapters))
await writeSection(troubleshootingFile, outcomesSection, outcomesText())
