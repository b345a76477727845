import { execFile } from 'node:child_process'
import { cp, glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../infra/project-root.ts'

/** The walls of the design, an example of each: `wrong` imports are forbidden, `right` ones allowed. */
const walls = [
  { file: 'lib/errors.ts', wrong: ['./secret-value.ts', 'node:util'], right: [] },
  { file: 'lib/secret-value.ts', wrong: ['./errors.ts'], right: [] },
  { file: 'lib/json.ts', wrong: ['./errors.ts'], right: [] },
  { file: 'lib/cluster-name.ts', wrong: ['./errors.ts'], right: [] },
  { file: 'lib/folded-name.ts', wrong: ['./errors.ts'], right: [] },
  { file: 'lib/go-bool.ts', wrong: ['./errors.ts'], right: [] },
  { file: 'lib/kubernetes-names.ts', wrong: ['./errors.ts'], right: [] },
  { file: 'lib/name-pattern.ts', wrong: ['./errors.ts'], right: [] },
  { file: 'lib/secret-name.ts', wrong: ['./errors.ts'], right: [] },
  { file: 'lib/digest.ts', wrong: ['node:crypto'], right: ['@noble/hashes/sha2.js'] },
  {
    file: 'lib/webhook.ts',
    wrong: ['../infra/a.ts', 'node:fs', 'zod'],
    right: ['./pod/a.ts', './errors.ts'],
  },
  { file: 'lib/new-room/a.ts', wrong: ['../pod/a.ts', 'node:fs', 'zod'], right: ['./b.ts', '../errors.ts'] },
  {
    file: 'lib/gateway/a.ts',
    wrong: ['../admission/a.ts', 'node:fs', '@middy/core'],
    right: ['../errors.ts'],
  },
  {
    file: 'lib/caller/a.ts',
    wrong: ['../gateway/a.ts', 'node:crypto'],
    right: ['../digest.ts', '../cluster-name.ts', '../errors.ts'],
  },
  {
    file: 'lib/admission/a.ts',
    wrong: ['../pod/a.ts', 'node:crypto'],
    right: ['../errors.ts', '../json.ts', '../utf8.ts'],
  },
  {
    file: 'lib/request/a.ts',
    wrong: ['../pod/a.ts', 'node:crypto'],
    right: ['../errors.ts', '../digest.ts', '../folded-name.ts'],
  },
  {
    file: 'lib/manager-kit/a.ts',
    wrong: ['../managers/a.ts', '../pod/a.ts', '../config/config.ts', 'node:crypto', 'zod'],
    right: [
      '../request/a.ts',
      '../errors.ts',
      '../secret-value.ts',
      '../digest.ts',
      '../json.ts',
      '../kubelet-expansion.ts',
    ],
  },
  {
    file: 'lib/manager-testing/a.ts',
    wrong: [
      '../managers/a.ts',
      '../stores/a.ts',
      '../config/config.ts',
      '../pod/reconcile.ts',
      'vitest',
      'zod',
    ],
    right: [
      '../manager-kit/a.ts',
      '../request/a.ts',
      '../config/manager-keys.ts',
      '../pod/merge.ts',
      '../pod/pulls.ts',
      '../pod/want-rules.ts',
      '../errors.ts',
      '../secret-value.ts',
      'node:fs/promises',
    ],
  },
  {
    file: 'lib/managers/a.ts',
    wrong: [
      '../manager-testing/a.ts',
      '../pod/reconcile.ts',
      '../stores/a.ts',
      '../config/config.ts',
      'node:crypto',
      '@aws-sdk/client-sts',
    ],
    right: [
      '../manager-kit/a.ts',
      '../request/a.ts',
      '../clean-path.ts',
      '../folded-name.ts',
      '../go-bool.ts',
      '../kubelet-expansion.ts',
      '../kubernetes-names.ts',
      '../name-pattern.ts',
      '../secret-value.ts',
      '../digest.ts',
    ],
  },
  {
    file: 'lib/pod/a.ts',
    wrong: ['../managers/a.ts', '../manager-kit/manager.ts', '../request/a.ts', 'node:crypto'],
    right: [
      '../clean-path.ts',
      '../secret-value.ts',
      '../kubelet-expansion.ts',
      '../kubernetes-names.ts',
      '../manager-kit/injector.ts',
      '../manager-kit/wants.ts',
      '../request/names.ts',
    ],
  },
  {
    file: 'lib/stores/a.ts',
    wrong: ['../managers/a.ts', '@aws-sdk/client-secrets-manager'],
    right: ['node:fs/promises', '../folded-name.ts', '../secret-name.ts'],
  },
  {
    file: 'lib/stores/aws-sdk.ts',
    wrong: ['./clock.ts', '../errors.ts', '@aws-sdk/client-sts', '@smithy/core'],
    right: ['@aws-sdk/client-secrets-manager'],
  },
  {
    file: 'lib/yaml/a.ts',
    wrong: ['../config/a.ts', 'zod', 'node:fs'],
    right: ['yaml', '../errors.ts', '../json.ts'],
  },
  {
    file: 'lib/config/a.ts',
    wrong: ['../managers/a.ts', 'commander'],
    right: [
      'zod',
      '../yaml/path.ts',
      '../errors.ts',
      '../manager-kit/keys.ts',
      '../manager-kit/definition.ts',
      '../cluster-name.ts',
      '../folded-name.ts',
      '../go-bool.ts',
      '../kubernetes-names.ts',
      '../name-pattern.ts',
      '../secret-name.ts',
    ],
  },
  {
    file: 'lib/config/bundled.ts',
    wrong: ['zod', 'node:fs', '../errors.ts'],
    right: ['./config.ts', '../manager-kit/definition.ts'],
  },
  { file: 'lib/telemetry/a.ts', wrong: ['../admission/a.ts', 'node:fs'], right: ['../errors.ts'] },
  { file: 'functions/a.ts', wrong: ['../infra/a.ts', 'zod'], right: ['../lib/pod/a.ts', 'node:fs/promises'] },
  {
    file: 'infra/cli/a.ts',
    wrong: ['../../functions/mutate.ts', '../../test/a.ts'],
    right: ['../../lib/a.ts', '../text/a.ts', './commands/a.ts', 'zod'],
  },
  {
    file: 'infra/new-room/a.ts',
    wrong: ['../cli/a.ts', '../../functions/mutate.ts', '../../test/a.ts'],
    right: ['../../lib/a.ts', '../text/a.ts', 'zod'],
  },
]

interface Finding {
  readonly code: string
  readonly filename: string
  readonly labels: readonly { readonly span: { readonly line: number } }[]
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'walls-'))
  await cp(join(projectRoot, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
})
afterAll(() => rm(folder, { recursive: true }))

const plant = async (file: string, lines: readonly string[]): Promise<void> => {
  await mkdir(dirname(join(folder, file)), { recursive: true })
  await writeFile(join(folder, file), `${lines.join('\n')}\n`)
}

/** Runs one rule on a file and returns the lines that it reports. */
const lint = async (rule: string, file: string): Promise<number[]> => {
  const bin = join(dirname(createRequire(import.meta.url).resolve('oxlint/package.json')), 'bin', 'oxlint')
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [bin, '--format=json', file], { cwd: folder }, (_error, stdout) =>
      resolve(stdout),
    )
  })
  const { diagnostics }: { diagnostics: readonly Finding[] } = JSON.parse(output)
  return diagnostics
    .filter(({ code }) => code === rule)
    .flatMap(({ labels }) => labels.map(({ span }) => span.line))
}

describe('the linter', () => {
  it.each(walls)('holds the walls of $file', async ({ file, wrong, right }) => {
    const specifiers = [...wrong, ...right]
    await plant(
      file,
      specifiers.map((specifier, index) => `export { name${index} } from '${specifier}'`),
    )
    const reported = new Set(await lint('eslint(no-restricted-imports)', file))
    expect(specifiers.filter((_, index) => reported.has(index + 1))).toEqual(wrong)
  })

  it('lets a manager import the types of a store, and nothing else', async () => {
    await plant('lib/managers/typed.ts', [
      "import type { A } from '../stores/a.ts'",
      "import { b } from '../stores/a.ts'",
    ])
    expect(await lint('eslint(no-restricted-imports)', 'lib/managers/typed.ts')).toEqual([2])
  })

  it('detects a cycle, even of types only', async () => {
    await plant('lib/pod/one.ts', ["import type { Two } from './two.ts'", 'export type One = Two | 1'])
    await plant('lib/pod/two.ts', ["import type { One } from './one.ts'", 'export type Two = One | 2'])
    expect(await lint('import(no-cycle)', 'lib/pod/one.ts')).toEqual([1])
  })

  const laws = [
    { rule: 'import(no-default-export)', line: 'export default 1' },
    { rule: 'typescript(no-explicit-any)', line: 'export const value: any = 1' },
    { rule: 'typescript(no-non-null-assertion)', line: 'export const f = (x?: string): string => x!' },
    { rule: 'eslint(no-console)', line: "console.log('')" },
    { rule: 'eslint(no-restricted-globals)', line: 'export const env = process.env' },
  ]
  it.each(laws)('forbids in lib what $rule finds', async ({ rule, line }) => {
    await plant('lib/pod/law.ts', [line])
    expect(await lint(rule, 'lib/pod/law.ts')).toEqual([1])
  })
})

it('cannot be evaded: only lib/stores imports a module by an expression, which the linter does not check', async () => {
  const loading: string[] = []
  for await (const file of glob('{lib,functions}/**/*.ts', { cwd: projectRoot })) {
    if (/\bimport\(|\brequire\(/.test(await readFile(join(projectRoot, file), 'utf8')))
      loading.push(dirname(file))
  }
  expect(loading.filter((place) => place !== 'lib/stores')).toEqual([])
})
