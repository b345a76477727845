import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
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
    `import childProcess from 'node:child_process'
import { registerHooks, syncBuiltinESMExports } from 'node:module'
const { spawn } = childProcess
childProcess.spawn = (...args) => {
  process._rawDebug('spawns ' + args[0])
  return spawn(...args)
}
syncBuiltinESMExports()
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

/** Runs the command and returns a trace of the modules it loads and the processes it starts. */
const traceOf = async (...args: readonly string[]): Promise<string> => {
  const launcher = 'infra/cli/flyte-webhook.js'
  // Node's compile cache is off while it measures coverage.
  const { NODE_V8_COVERAGE: _, ...environment } = process.env
  const program = run(process.execPath, ['--import', printing, launcher, ...args], {
    env: { ...environment, XDG_CACHE_HOME: folder },
  })
  await program.ended
  return program.stderr()
}

/** Returns the packages that a command loads. */
const packagesOf = async (...args: readonly string[]): Promise<ReadonlySet<string>> => {
  const loaded = (await traceOf(...args)).matchAll(/^loads .*node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)
  return new Set([...loaded].map(([, name = '']) => name))
}

const small = ['@noble/hashes', 'commander', 'yocto-spinner', 'yoctocolors']

it.each([
  { args: ['--help'] },
  { args: ['version'] },
  { args: ['encode', 'db/password'] },
  { args: ['register', '--help'] },
])(
  'a command that needs neither cluster nor configuration loads none of their packages: $args',
  async ({ args }) => {
    expect([...(await packagesOf(...args))].toSorted()).toEqual(small)
  },
)

it.each([{ args: ['--help'] }, { args: ['version'] }])(
  'a command that Node 24 runs starts no second process and loads few modules: $args',
  async ({ args }) => {
    const lines = (await traceOf(...args)).split('\n')
    expect(lines.filter((line) => line.startsWith('spawns '))).toEqual([])
    expect(lines.filter((line) => line.startsWith('loads file:')).length).toBeLessThan(100)
  },
)

it('keeps the compiled sources in the cache of the user for the next call', async () => {
  await traceOf('version')
  expect(await readdir(join(folder, 'flyte-webhook', 'compiled'))).not.toEqual([])
})

it('traces what a command loads', async () => {
  expect(await packagesOf('unregister', '--kubeconfig', 'nowhere')).toContain('@kubernetes/client-node')
})
