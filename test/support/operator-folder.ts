import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'

/** A folder in which the documentation's commands run as written. */
export interface OperatorFolder {
  readonly path: string
  /** The environment. In `PATH`, `npx` and the given programs come before the machine's own. */
  readonly env: NodeJS.ProcessEnv
}

/**
 * Creates a folder with the examples, in which `npx flyte-webhook` runs this checkout and `npx node` runs this Node. `programs` adds
 * commands that the documentation needs, name → shell script.
 */
export const createOperatorFolder = async (
  programs: Readonly<Record<string, string>> = {},
): Promise<OperatorFolder> => {
  const path = await mkdtemp(join(tmpdir(), 'operator-'))
  const bin = join(path, 'bin')
  await mkdir(bin)
  await symlink(join(projectRoot, 'examples'), join(path, 'examples'))
  await mkdir(join(path, 'node_modules'))
  await symlink(projectRoot, join(path, 'node_modules', 'flyte-webhook'))
  const launcher = join(projectRoot, 'infra/cli/flyte-webhook.js')
  const asked = `[ "$program" = node ] || set -- '${launcher}' "$@"`
  const npx = `program=$1\nshift\n${asked}\nexec '${process.execPath}' "$@"`
  for (const [name, script] of Object.entries({ npx, ...programs }))
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return { path, env: { ...process.env, PATH: `${bin}:${process.env['PATH']}` } }
}
