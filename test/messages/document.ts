import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { logLine } from '../../lib/telemetry/log-line.ts'
import type { CallOutcome } from '../../lib/telemetry/request-record.ts'
import { markdownTable } from '../support/markdown.ts'
import type { MarkedSection } from '../support/marked-section.ts'
import type { Chapter, Entry } from './catalogue/entry.ts'
import { outcomes } from './catalogue/log.ts'

export const troubleshootingFile = join(projectRoot, 'docs/troubleshooting.md')
export const messagesSection: MarkedSection = { name: 'messages', command: 'npm run docs' }
export const outcomesSection: MarkedSection = { name: 'outcomes', command: 'npm run docs' }

/** Chapters as Markdown, each with its messages in a table. */
export const messagesText = (chapters: readonly Chapter[]): string => chapters.map(chapterText).join('\n\n')

/** The outcomes of calls in the log as a table in Markdown, each with its level. */
export const outcomesTable = (): string =>
  markdownTable(
    ['`outcome`', '`level`', 'What it means', 'What to do'],
    Object.entries(outcomes).map(([outcome, { why, todo }]) => [
      `\`${outcome}\``,
      `\`${levelOf(outcome as CallOutcome)}\``,
      why,
      todo,
    ]),
  )

const levelOf = (outcome: CallOutcome): string => {
  const { level } = JSON.parse(
    logLine({ outcome, status: 200, durationMs: 0, coldStart: false, config: '' }, 0),
  )
  return level
}

const chapterText = ({ title, intro, entries }: Chapter): string => {
  const isToBeDone = entries.some(({ advises, todo }) => advises !== undefined || todo !== undefined)
  const head = ['Message', 'What it means', ...(isToBeDone ? ['What to do'] : [])]
  const rows = entries.map((entry) => [saysCell(entry), entry.why, ...(isToBeDone ? [todoCell(entry)] : [])])
  return [`### ${title}`, intro, markdownTable(head, rows)].filter((part) => part !== '').join('\n\n')
}

const saysCell = ({ says, http = [] }: Entry): string =>
  [...says.map(code), ...(http.length === 0 ? [] : [`(HTTP ${http.join(', ')})`])].join('<br>')

const todoCell = ({ advises = [], todo }: Entry): string =>
  [...advises.map((advice) => `→ ${code(advice)}`), ...(todo === undefined ? [] : [todo])].join('<br>')

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``
