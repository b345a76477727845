import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { logLine } from '../../lib/telemetry/log-line.ts'
import type { CallOutcome } from '../../lib/telemetry/request-record.ts'
import { markdownItem } from '../support/markdown.ts'
import type { MarkedSection } from '../support/marked-section.ts'
import type { Chapter, Entry } from './catalogue/entry.ts'
import { outcomes } from './catalogue/log.ts'

export const troubleshootingFile = join(projectRoot, 'docs/troubleshooting.md')
export const messagesSection: MarkedSection = { name: 'messages', command: 'npm run docs' }
export const outcomesSection: MarkedSection = { name: 'outcomes', command: 'npm run docs' }

/** Returns chapters as Markdown, each with a list whose items begin with the messages. */
export const messagesText = (chapters: readonly Chapter[]): string => chapters.map(chapterText).join('\n\n')

/** Returns the outcomes of calls in the log as a Markdown list, each with its level. */
export const outcomesText = (): string =>
  Object.entries(outcomes)
    .map(([outcome, { why, todo }]) =>
      markdownItem([`${code(outcome)} (${code(levelOf(outcome as CallOutcome))}): ${why}`, ...doLine(todo)]),
    )
    .join('\n')

const levelOf = (outcome: CallOutcome): string => {
  const { level } = JSON.parse(
    logLine({ outcome, status: 200, durationMs: 0, coldStart: false, config: '' }, 0),
  )
  return level
}

const chapterText = ({ title, intro, entries }: Chapter): string =>
  [`### ${title}`, intro, entries.map(entryItem).join('\n')].filter((part) => part !== '').join('\n\n')

const entryItem = ({ says, http = [], why, advises = [], todo }: Entry): string =>
  markdownItem([
    ...says.map(code),
    http.length === 0 ? why : `HTTP ${http.join(' or ')}. ${why}`,
    ...advises.map((advice) => `→ ${code(advice)}`),
    ...doLine(todo),
  ])

const doLine = (todo: string | undefined): readonly string[] =>
  todo === undefined ? [] : [`**Do:** ${todo}`]

const code = (text: string): string => `\`${text}\``
