import { execFileSync } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'

/** Puts the project as it was at a commit, with the packages of then, into a new folder, and gives its path. */
export const earlierTree = async (commit: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'flyte-webhook-earlier-'))
  const archive = execFileSync('git', ['archive', commit], { cwd: projectRoot, maxBuffer: Infinity })
  execFileSync('tar', ['-x', '-C', folder], { input: archive })
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: 'ignore' })
  return folder
}
