import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CommandFailure } from '../failure.ts'
import { projectRoot } from '../project-root.ts'
import { deployment, gitIgnore, manifest, readme, stack, tarball } from './project-files.ts'

/** Returns the configuration with all defaults, for a project that installs this one as a package. */
export const defaultConfiguration = async (): Promise<string> => {
  const text = await readFile(join(projectRoot, 'webhook.yaml'), 'utf8')
  return text.replace('./webhook.schema.json', './node_modules/flyte-webhook/webhook.schema.json')
}

const example = (name: string): Promise<string> => readFile(join(projectRoot, 'examples', name), 'utf8')

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
    'examples/plain.json': await example('plain.json'),
    'examples/task.yaml': await example('task.yaml'),
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

/** What to run next in the folder of a new project. Where the tarball lies only the operator knows. */
export const nextCommands = (folder: string): readonly string[] => [
  ...(existsSync(join(folder, tarball)) ? [] : [`mkdir -p vendor && cp …/${basename(tarball)} vendor/`]),
  'npm install',
  'npm run check',
]
