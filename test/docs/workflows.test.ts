import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'

/** The workflows of this project, and the one that a new project gets. */
const files = [...globSync('.github/workflows/*', { cwd: projectRoot }), 'infra/new-project/project-files.ts']
const uses = files.flatMap((file) => {
  const found = readFileSync(join(projectRoot, file), 'utf8').matchAll(/\buses: .*/g)
  return Array.from(found, ([line]) => ({ file, line }))
})

/**
 * A tag can be moved to other code, a commit cannot. The comment names the commit's release. A workflow of this project needs no
 * pin: it comes from the same commit.
 */
const pinned = /uses: (?:\.\/[\w./-]+|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/

describe('an action of a workflow', () => {
  it('exists in each file', () => {
    expect([...new Set(uses.map(({ file }) => file))].toSorted()).toEqual(files.toSorted())
  })

  it.each(uses)('is pinned to a commit: $file: $line', ({ line }) => {
    expect(line).toMatch(pinned)
  })

  it.each([
    'actions/checkout@v6.0.2',
    `actions/checkout@${'a'.repeat(40)}`,
    'actions/checkout@main # v6.0.2',
  ])('is not pinned as %s', (action) => {
    expect(`uses: ${action}`).not.toMatch(pinned)
  })
})
