import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../support/program.ts'

let folder: string
let wrong: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commands-'))
  wrong = join(folder, 'wrong.yaml')
  await writeFile(wrong, 'webhook:\n  secretManagerType: K9s\nwebhok: {}\n')
})
afterAll(() => rm(folder, { recursive: true }))

describe('a wrong configuration', () => {
  const commands = [
    { command: 'npm run build', args: () => ['run', '-s', 'build', '--', '--config', wrong], status: 1 },
    {
      command: 'npm run package',
      args: () => ['run', '-s', 'package', '--', '--param', `config=${wrong}`],
      status: 1,
    },
    { command: 'npm start', args: () => ['start', '-s', '--', '--config', wrong], status: 2 },
  ]
  it.each(commands)(
    'ends $command with every problem and its line',
    { timeout: 30_000 },
    async ({ args, status }) => {
      const program = run('npm', args())
      expect(await program.ended).toBe(status)
      const said = program.stdout() + program.stderr()
      expect(said).toMatch(/wrong\.yaml:2: .*K8s/)
      expect(said).toMatch(/wrong\.yaml:3: .*webhook/)
      expect(said).not.toContain('    at ')
    },
  )
})

describe('npm run build', () => {
  it('reports an invalid command line', { timeout: 30_000 }, async () => {
    const program = run('npm', ['run', '-s', 'build', '--', '--confg', 'x'])
    expect(await program.ended).toBe(1)
    expect(program.stderr()).toContain("Unknown option '--confg'")
    expect(program.stderr()).not.toContain('    at ')
  })
})
