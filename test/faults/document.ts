import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { markdownItem } from '../support/markdown.ts'
import type { MarkedSection } from '../support/marked-section.ts'
import { denied, type Fault, failed, unsent } from './faults.ts'

export const troubleshootingFile = join(projectRoot, 'docs/troubleshooting.md')
export const faultsSection: MarkedSection = { name: 'faults', command: 'npm run docs' }

/** Messages with the same beginning. A fault belongs to the first group that matches. */
interface Group {
  readonly title: string
  readonly begin: string
}

const groups: readonly Group[] = [
  { title: 'The API server gets no answer', begin: unsent },
  { title: 'The webhook answers with an error', begin: failed },
  { title: 'The webhook denies the pod', begin: denied },
  { title: 'The guard refuses the pod', begin: '' },
]

/** Returns the faults as Markdown, grouped by the beginnings of their messages, each printed once. */
export const faultsText = (faults: readonly Fault[]): string => {
  const byGroup = Map.groupBy(faults, ({ message }) => groups.find(({ begin }) => message.startsWith(begin)))
  return groups.map((group) => groupText(group, byGroup.get(group) ?? [])).join('\n\n')
}

const groupText = ({ title, begin }: Group, faults: readonly Fault[]): string => {
  const intro = begin === '' ? [] : [`Each message begins with \`${begin.trim()}\`.${tokenNote(begin)}`]
  const items = faults.map((fault) => faultItem(fault, begin)).join('\n')
  return [`### ${title}`, ...intro, items].join('\n\n')
}

const tokenNote = (begin: string): string =>
  begin.includes('<token>') ? ' **It shows the token: [rotate it](operations.md#a-callers-token).**' : ''

const faultItem = ({ message, what, ignored, remedy }: Fault, begin: string): string =>
  markdownItem([
    `\`${message.slice(begin.length)}\``,
    `${what}. Under \`Ignore\`: ${ignored}.`,
    `**Do:** ${remedy}.`,
  ])
