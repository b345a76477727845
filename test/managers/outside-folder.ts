import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseConfigFile } from '../../infra/config/config-file.ts'

/** `Shelf`, a manager as an operator writes one. */
export const shelf = await readFile(new URL('./shelf.ts', import.meta.url), 'utf8')

/** Returns a configuration with `Shelf` as its only manager, from a file or a package. */
export const shelfConfig = (from: string, more = ''): string => `webhook:
  secretManagerTypes: [Shelf]
function:
  profile: flyte1
  managers:
    Shelf:
      from: ${from}
${more}`

/** The line of this configuration that names the manager's code. */
export const fromLine = 7

/** Writes files into a new folder, path → text. `webhook.yaml` is the configuration. */
export const folderWith = async (files: Readonly<Record<string, string>>): Promise<OutsideFolder> => {
  const folder = await mkdtemp(join(tmpdir(), 'outside-'))
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  for (const [path, text] of Object.entries(files)) await write(path, text)
  return {
    folder,
    config: join(folder, 'webhook.yaml'),
    write,
    remove: () => rm(folder, { recursive: true }),
  }
}

export interface OutsideFolder {
  readonly folder: string
  /** The path of the configuration. */
  readonly config: string
  readonly write: (path: string, text: string) => Promise<void>
  readonly remove: () => Promise<void>
}

/** Returns the problems of a configuration in a folder with these files: `7 function.managers.Shelf.from: …`. */
export const problemsOf = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const { config, remove } = await folderWith(files)
  try {
    const { parsed } = await parseConfigFile(config)
    if (parsed.kind === 'config') return []
    return parsed.problems.map(({ line, path, message }) => `${line} ${path}: ${message}`)
  } finally {
    await remove()
  }
}
