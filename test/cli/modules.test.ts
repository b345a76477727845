import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run } from '../support/program.ts'

let folder: string
let printing: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modules-'))
  printing = join(folder, 'printing.mjs')
  await writeFile(
    printing,
    `import { registerHooks } from 'node:module'
registerHooks({
  load(url, context, nextLoad) {
    process._rawDebug('loads ' + url)
    return nextLoad(url, context)
  },
})
`,
  )
})
afterAll(() => rm(folder, { recursive: true }))

/** The packages that a command loads. */
const packagesOf = async (...args: readonly string[]): Promise<ReadonlySet<string>> => {
  const program = run(process.execPath, ['--import', printing, 'infra/cli/main.ts', ...args])
  await program.ended
  const loaded = program.stderr().matchAll(/^loads .*node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)
  return new Set([...loaded].map(([, name = '']) => name))
}

const small = ['commander', 'yaml', 'yocto-spinner', 'yoctocolors']

it.each([{ args: ['--help'] }, { args: ['encode', 'db/password'] }, { args: ['register', '--help'] }])(
  'a command that needs neither cluster nor configuration loads none of their packages: $args',
  async ({ args }) => {
    expect([...(await packagesOf(...args))].toSorted()).toEqual(small)
  },
)

it('sees what a command loads', async () => {
  expect(await packagesOf('unregister', '--kubeconfig', 'nowhere')).toContain('@kubernetes/client-node')
})
