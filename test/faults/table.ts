import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { markdownTable } from '../support/markdown.ts'
import type { MarkedSection } from '../support/marked-section.ts'
import { type Fault, showsToken } from './faults.ts'

export const troubleshootingFile = join(projectRoot, 'docs/troubleshooting.md')
export const faultsSection: MarkedSection = { name: 'faults', command: 'npm run docs' }

const head = ['What is wrong', 'What `kubectl` prints', 'Token shown', 'Under `Ignore`', 'What to do']

/** The faults as a table in Markdown. */
export const faultsTable = (faults: readonly Fault[]): string => markdownTable(head, faults.map(cellsOf))

const cellsOf = (fault: Fault): readonly string[] => [
  fault.what,
  `\`${fault.message}\``,
  showsToken(fault) ? '**yes**' : 'no',
  fault.ignored,
  fault.remedy,
]
