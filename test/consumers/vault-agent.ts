import { spawnSync } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const hasGo = spawnSync('go', ['version']).status === 0
if (!hasGo)
  console.warn('SKIPPED: pods of Vault, because there is no go to build its injector and its templates with')

/** Builds the program `vault-agent` and says where it is; Go keeps what it has built. */
export const buildVaultAgent = async (): Promise<string> => {
  const file = join(await mkdtemp(join(tmpdir(), 'vault-agent-')), 'vault-agent')
  const built = spawnSync('go', ['build', '-o', file, '.'], { cwd: join(import.meta.dirname, 'vault-agent') })
  if (built.status !== 0) throw new Error(String(built.stderr))
  return file
}
