import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { flyteWebhook } from '../support/command.ts'
import { run } from '../support/program.ts'

const folder = join(projectRoot, 'examples', 'managers')
const tests = (await readdir(folder)).filter((name) => name.endsWith('.test.ts'))

describe('examples/managers', { timeout: 120_000 }, () => {
  it('have a test each', async () => {
    const modules = (await readdir(folder)).filter((name) => /^[a-z-]+\.ts$/.test(name))
    expect(tests).toEqual(modules.map((name) => name.replace('.ts', '.test.ts')))
    expect(modules).toEqual(['confidant.ts', 'doppler.ts'])
  })

  it.each(tests)("pass their tests in Node's own runner: %s", async (name) => {
    // vitest's variables would change the report of Node's own runner.
    const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env
    const program = run(process.execPath, ['--test', '--test-reporter=tap', join(folder, name)], { env })
    const status = await program.ended
    expect(program.stdout().match(/^ *not ok .*/gm) ?? []).toEqual([])
    expect({ status, stderr: program.stderr() }).toEqual({ status: 0, stderr: '' })
    expect(Number(/^# pass (\d+)$/m.exec(program.stdout())?.[1])).toBeGreaterThan(9)
    if (program.stdout().includes('# SKIP'))
      console.warn(`SKIPPED: some tests of examples/managers/${name}, because there is no python3`)
  })

  it.each([
    { secret: 'shop/DB_PASSWORD', container: 'doppler-pull-secret-0' },
    { secret: 'web-production/Key', container: 'confidant-pull-secret-0' },
  ])('serve a pod with examples/managers/webhook.yaml: $secret', async ({ secret, container }) => {
    const config = join(folder, 'webhook.yaml')
    const pod = join(projectRoot, 'examples', 'task.yaml')
    const preview = await flyteWebhook(['preview', pod, '--config', config, '--secret', `${secret}:FILE`])
    expect(preview).toMatchObject({ status: 0, stderr: '' })
    expect(preview.stdout).toContain(`- name: ${container}`)
    expect(preview.stdout).toContain(`/etc/flyte/secrets/${secret.toLowerCase()}`)
  })
})
