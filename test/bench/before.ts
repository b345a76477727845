import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { earlierTree } from '../support/earlier-tree.ts'
import type { Before } from './life.ts'

/** Builds the default bundle of an earlier commit in a new folder. */
export const buildBefore = async (commit: string): Promise<Before & { readonly folder: string }> => {
  const folder = await earlierTree(commit)
  execFileSync(process.execPath, ['infra/build/build.ts'], { cwd: folder, stdio: 'ignore' })
  return { commit, folder, file: join(folder, 'dist/mutate.cjs') }
}
