import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CommandFailure } from '../failure.ts'
import { projectRoot } from '../project-root.ts'
import { deployment, gitIgnore, manifest, readme, stack } from './project-files.ts'

/** Returns the configuration with all defaults, for a project that installs this one as a package. */
export const defaultConfiguration = async (): Promise<string> => {
  const text = await readFile(join(projectRoot, 'webhook.yaml'), 'utf8')
  return text.replace('./webhook.schema.json', './node_modules/flyte-webhook/webhook.schema.json')
}

/**
 * Writes a project that serves and deploys the webhook, and returns the names of its files. `configuration` is the text of its
 * `webhook.yaml`. If a file already exists, writes nothing and throws a `CommandFailure` that names it.
 */
export const writeNewProject = async (folder: string, configuration: string): Promise<readonly string[]> => {
  const files: Readonly<Record<string, string>> = {
    'package.json': manifest(),
    'webhook.yaml': configuration,
    'serverless.yml': stack,
    'README.md': readme,
    '.gitignore': gitIgnore,
    '.github/workflows/webhook.yml': deployment,
    'examples/plain.json': await readFile(join(projectRoot, 'examples/plain.json'), 'utf8'),
  }
  const there = Object.keys(files).filter((name) => existsSync(join(folder, name)))
  if (there.length > 0)
    throw new CommandFailure(
      `${there.join(', ')} already ${there.length === 1 ? 'exists' : 'exist'} in ${folder}: name another folder; nothing was written`,
    )
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text, { flag: 'wx' })
  }
  return Object.keys(files)
}
