import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { builtIn } from '../../lib/managers/built-in.ts'
import { SecretsManagerServer } from '../e2e/secrets-manager.ts'
import { blocksIn } from '../support/markdown.ts'
import { withSection } from '../support/marked-section.ts'
import { createOperatorFolder } from '../support/operator-folder.ts'
import { TerminalSession } from '../support/terminal-session.ts'

/** The folder of the managers' pages, one for each. */
export const pagesFolder = join(projectRoot, 'docs', 'managers')

/** Returns the file name of a manager's page. */
export const pageName = (manager: string): string => `${manager.toLowerCase()}.md`

/** The contents of AWS Secrets Manager when the tests run the pages' commands. */
export const store = {
  'prod/warehouse': { string: '{"password":"example"}' },
  u__org__example__domain__development__project__flytesnacks__key__openai: { string: 'example' },
}

/** A part of a page with a configuration and the command that shows its effect. */
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

/** Reads the page of every manager. A missing page has an empty text. */
export const readManagerPages = (): Promise<readonly ManagerPage[]> =>
  Promise.all(
    builtIn.map(async ({ name: manager }) => {
      const file = join(pagesFolder, pageName(manager))
      const text = await readFile(file, 'utf8').catch(() => '')
      return { manager, file, text, chapters: chaptersOf(manager, text) }
    }),
  )

/** Splits a page into chapters. The part before the first `## ` is a chapter too. */
const chaptersOf = (manager: string, page: string): readonly Chapter[] =>
  page.split(/^(?=## )/m).flatMap((text) => {
    const [, heading = ''] = /^#+ (.*)$/m.exec(text) ?? []
    const [config] = blocksIn(text, 'yaml')
    const command = blocksIn(text, 'sh').find((one) => one.includes(' preview '))
    return config === undefined || command === undefined ? [] : [{ manager, heading, text, config, command }]
  })

/** Returns the `try_secrets …` commands in a chapter, as written. */
export const trialsIn = (text: string): readonly string[] =>
  [...text.matchAll(/`(try_secrets [^`]+)`/g)].map(([, command = '']) => command)

/** Returns a page with the current output of its commands, each run with the configuration of its chapter. */
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
