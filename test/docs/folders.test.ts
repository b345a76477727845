import { glob, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'

/** Returns the folders that contain sources, except those of recorded cases. */
const foldersOf = async (...roots: readonly string[]): Promise<readonly string[]> => {
  const folders = new Set<string>()
  const sources = roots.map((root) => `${root}/**/*.{ts,js,cjs,json,py,go}`)
  for await (const file of glob(sources, { cwd: projectRoot })) {
    if (!/^test\/conformance\/(cases|own)\/flyte/.test(file)) folders.add(dirname(file))
  }
  return [...folders]
}

/** Returns the folders that the map in CONTRIBUTING.md lists. */
const mapped = async (): Promise<readonly string[]> => {
  const document = await readFile(join(projectRoot, 'CONTRIBUTING.md'), 'utf8')
  const section = document.split('\n## Folders\n')[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| `([^`<]+)` \| \S/gm)].map(([, folder = '']) => folder)
}

describe('the map of CONTRIBUTING.md', () => {
  it('has a line for each folder except the tests of a folder, and no other', async () => {
    const code = await foldersOf('functions', 'lib', 'infra')
    const tested = new Set(code.map((folder) => `test/${basename(folder)}`))
    const tests = (await foldersOf('test')).filter((folder) => folder !== 'test' && !tested.has(folder))
    expect((await mapped()).toSorted()).toEqual([...code, ...tests].toSorted())
  })
})
