import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'

const folder = join(projectRoot, '.github/workflows')
const uses = readdirSync(folder).flatMap((file) =>
  readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => /^\s*(?:- )?uses:/.test(line))
    .map((line) => ({ file, line: line.trim() })),
)

/**
 * A tag can be moved to other code, a commit cannot. The comment names the commit's release. A workflow of this project needs no
 * pin: it comes from the same commit.
 */
const pinned = /uses: (?:\.\/[\w./-]+|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/

describe('an action of a workflow', () => {
  it('exists', () => {
    expect(uses.length).toBeGreaterThan(0)
  })

  it.each(uses)('is pinned to a commit: $file: $line', ({ line }) => {
    expect(line).toMatch(pinned)
  })

  it.each([
    'actions/checkout@v6.0.2',
    `actions/checkout@${'a'.repeat(40)}`,
    'actions/checkout@main # v6.0.2',
  ])('is not pinned as %s', (action) => {
    expect(`- uses: ${action}`).not.toMatch(pinned)
  })
})
