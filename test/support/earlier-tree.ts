import { execFileSync } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'

/** Checks out the project at a commit, with that commit's packages, into a new folder. Returns its path. */
export const earlierTree = async (commit: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'flyte-webhook-earlier-'))
  const archive = execFileSync('git', ['archive', commit], { cwd: projectRoot, maxBuffer: Infinity })
  execFileSync('tar', ['-x', '-C', folder], { input: archive })
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: 'ignore' })
  return folder
}
