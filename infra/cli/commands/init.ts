import { Command } from 'commander'
import type { Context } from '../context.ts'

/** `flyte-webhook init`. */
export const createInitCommand = ({ terminal }: Context): Command =>
  new Command('init')
    .description('write a project of your own, which has this one as a package')
    .argument('[dir]', 'its folder, which is made if it is not there', '.')
    .addHelpText(
      'after',
      `
It writes package.json, webhook.yaml, serverless.yml, README.md, .gitignore, a workflow of GitHub Actions and an example.
It overwrites nothing: where one of these files exists, it names it and writes none.

Example:
  flyte-webhook init webhook`,
    )
    .action(async (folder: string) => {
      const { defaultConfiguration, writeNewProject } = await import('../../new-project/new-project.ts')
      const files = await writeNewProject(folder, await defaultConfiguration())
      terminal.note(`Wrote ${files.join(', ')}. Next:\n`)
      terminal.write([...(folder === '.' ? [] : [`cd ${folder}`]), 'npm install', 'npm run check'].join('\n'))
    })
