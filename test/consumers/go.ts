import { spawnSync } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const hasGo = spawnSync('go', ['version']).status === 0

/** Builds the program in a folder next to this file and returns its path. Go caches the build. */
export const buildGo = async (folder: string, ...options: readonly string[]): Promise<string> => {
  const file = join(await mkdtemp(join(tmpdir(), `${folder}-`)), folder)
  const built = spawnSync('go', ['build', ...options, '-o', file, '.'], {
    cwd: join(import.meta.dirname, folder),
  })
  if (built.status !== 0) throw new Error(String(built.stderr))
  return file
}
