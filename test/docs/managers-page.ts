import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { SecretsManagerServer } from '../e2e/secrets-manager.ts'
import { blocksOf, headingsOf } from '../support/markdown.ts'
import { withSection } from '../support/marked-section.ts'
import { createOperatorFolder } from '../support/operator-folder.ts'
import { TerminalSession } from '../support/terminal-session.ts'

export const managersFile = join(projectRoot, 'docs', 'managers.md')

/** What AWS Secrets Manager has, where the page's commands are tried. */
export const store = {
  'prod/warehouse': { string: '{"password":"example"}' },
  u__org__example__domain__development__project__flytesnacks__key__openai: { string: 'example' },
}

/** A chapter of the page that has a configuration, and the command that shows what it does. */
interface Chapter {
  readonly heading: string
  readonly config: string
  readonly command: string
}

export const chaptersOf = (page: string): readonly Chapter[] =>
  headingsOf(page).flatMap((heading) => {
    const [config] = blocksOf(page, heading, 'yaml')
    const command = blocksOf(page, heading, 'sh').find((one) => one.includes(' preview '))
    return config === undefined || command === undefined ? [] : [{ heading, config, command }]
  })

/** The page with what its commands print now, each with the configuration of its chapter. */
export const withPreviews = async (page: string): Promise<string> => {
  const secrets = await SecretsManagerServer.start()
  const { path, env } = await createOperatorFolder()
  const terminal = new TerminalSession(path, {
    ...env,
    AWS_ENDPOINT_URL: secrets.serve('store', store),
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  })
  let written = page
  for (const { heading, config, command } of chaptersOf(page)) {
    await writeFile(join(path, 'webhook.yaml'), config)
    const printed = await terminal.paste(command)
    const section = { name: `preview of ${heading}`, command: 'npm run docs' }
    written = withSection(written, section, `\`\`\`diff\n${printed.trimEnd()}\n\`\`\``)
  }
  await Promise.all([terminal.end(), secrets.stop(), rm(path, { recursive: true })])
  return written
}
