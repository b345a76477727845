import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { builtIn } from '../../lib/managers/built-in.ts'
import { SecretsManagerServer } from '../e2e/secrets-manager.ts'
import { blocksIn } from '../support/markdown.ts'
import { withSection } from '../support/marked-section.ts'
import { createOperatorFolder } from '../support/operator-folder.ts'
import { TerminalSession } from '../support/terminal-session.ts'

/** The folder of the pages, one a manager. */
export const pagesFolder = join(projectRoot, 'docs', 'managers')

/** The file name of a manager's page. */
export const pageName = (manager: string): string => `${manager.toLowerCase()}.md`

/** What AWS Secrets Manager has, where the commands of the pages are tried. */
export const store = {
  'prod/warehouse': { string: '{"password":"example"}' },
  u__org__example__domain__development__project__flytesnacks__key__openai: { string: 'example' },
}

/** A part of a page that has a configuration, and the command that shows what it does. */
interface Chapter {
  /** The name of the manager. */
  readonly manager: string
  readonly heading: string
  readonly text: string
  readonly config: string
  readonly command: string
}

interface ManagerPage {
  readonly manager: string
  readonly file: string
  readonly text: string
  readonly chapters: readonly Chapter[]
}

/** The page of every manager. A page that is missing has no text. */
export const readManagerPages = (): Promise<readonly ManagerPage[]> =>
  Promise.all(
    builtIn.map(async ({ name: manager }) => {
      const file = join(pagesFolder, pageName(manager))
      const text = await readFile(file, 'utf8').catch(() => '')
      return { manager, file, text, chapters: chaptersOf(manager, text) }
    }),
  )

/** The page itself, down to its first `## `, is a chapter too. */
const chaptersOf = (manager: string, page: string): readonly Chapter[] =>
  page.split(/^(?=## )/m).flatMap((text) => {
    const [, heading = ''] = /^#+ (.*)$/m.exec(text) ?? []
    const [config] = blocksIn(text, 'yaml')
    const command = blocksIn(text, 'sh').find((one) => one.includes(' preview '))
    return config === undefined || command === undefined ? [] : [{ manager, heading, text, config, command }]
  })

/** The trials in the cluster of a chapter: `try_secrets …`, as they stand in its text. */
export const trialsIn = (text: string): readonly string[] =>
  [...text.matchAll(/`(try_secrets [^`]+)`/g)].map(([, command = '']) => command)

/** A page with what its commands print now, each with the configuration of its chapter. */
export const withPreviews = async ({ text, chapters }: ManagerPage): Promise<string> => {
  const secrets = await SecretsManagerServer.start()
  const { path, env } = await createOperatorFolder()
  const terminal = new TerminalSession(path, {
    ...env,
    AWS_ENDPOINT_URL: secrets.serve('store', store),
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  })
  let written = text
  for (const { heading, config, command } of chapters) {
    await writeFile(join(path, 'webhook.yaml'), config)
    const printed = await terminal.paste(command)
    const section = { name: `preview of ${heading}`, command: 'npm run docs' }
    written = withSection(written, section, `\`\`\`diff\n${printed.trimEnd()}\n\`\`\``)
  }
  await Promise.all([terminal.end(), secrets.stop(), rm(path, { recursive: true })])
  return written
}
