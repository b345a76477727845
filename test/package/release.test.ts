import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { projectRoot } from '../../infra/project-root.ts'
import { run } from '../support/program.ts'

const workflow = parse(await readFile(join(projectRoot, '.github/workflows/release.yml'), 'utf8'))
const steps: { name?: string; run?: string }[] = workflow.jobs.draft.steps
const script = steps.find(({ name }) => name === 'Changelog of this version')?.run ?? 'false'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'release-'))
  await writeFile(join(folder, 'package.json'), '{"version":"1.2.0"}')
})
afterAll(() => rm(folder, { recursive: true }))

const notes = async (changelog: string, tag = 'v1.2.0') => {
  await writeFile(join(folder, 'CHANGELOG.md'), changelog)
  const program = run('bash', ['-e', '-c', script], {
    cwd: folder,
    env: { ...process.env, GITHUB_REF_NAME: tag },
  })
  return {
    status: await program.ended,
    text: await readFile(join(folder, 'notes.md'), 'utf8').catch(() => ''),
  }
}

const changelog = `# Changelog

## Unreleased

- later

## 1.2.0 - 2027-01-01

### Added

- this

## 1.2.0-rc.1 - 2026-12-01

- before
`

describe('a release', () => {
  it("has the changelog's part of its version", async () => {
    expect(await notes(changelog)).toEqual({ status: 0, text: '\n### Added\n\n- this\n\n' })
  })

  it.each([
    { what: 'a tag for another version', text: changelog, tag: 'v1.2.1' },
    {
      what: 'a version without a changelog',
      text: changelog.replace('## 1.2.0 -', '## 1.1.0 -'),
      tag: 'v1.2.0',
    },
  ])('is not drafted for $what', async ({ text, tag }) => {
    expect((await notes(text, tag)).status).toBe(1)
  })

  it('is published only if a person allows it', () => {
    expect(workflow.jobs.publish).toMatchObject({ environment: 'npm', if: "vars.NPM_PUBLISH == 'true'" })
  })
})
