import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { flyteWebhook } from '../support/command.ts'
import { run } from '../support/program.ts'

describe('flyte-webhook start', { timeout: 30_000 }, () => {
  it.each(['0', '65536', '-1', '80.5', 'http', ''])('refuses the port %j', async (port) => {
    const { status, stderr } = await flyteWebhook(['start', `--port=${port}`])
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining('Give a number from 1 to 65535'),
    })
  })

  it('says what to do in a folder without a project', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'no-project-'))
    const program = run(process.execPath, [join(projectRoot, 'infra/cli/main.ts'), 'start'], { cwd: folder })
    expect(await program.ended).toBe(2)
    expect(program.stderr()).toContain(
      'this folder has no serverless.yml: create a project with flyte-webhook init',
    )
    await rm(folder, { recursive: true })
  })
})
