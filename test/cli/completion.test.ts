import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flyteWebhook } from '../support/command.ts'

/** Shell programs that print, one word a line, the completions after `flyte-webhook`. */
const shells = [
  {
    shell: 'bash',
    ask: (script: string, words: readonly string[]) => `source '${script}'
COMP_WORDS=(flyte-webhook ${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length}
_flyte_webhook flyte-webhook "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "\${COMPREPLY[@]}"`,
  },
  {
    shell: 'fish',
    ask: (script: string, words: readonly string[]) => `source '${script}'
complete -C 'flyte-webhook ${words.join(' ')}'`,
  },
].map((each) => ({ ...each, isHere: spawnSync(each.shell, ['--version']).status === 0 }))

for (const { shell, isHere } of shells)
  if (!isHere) console.warn(`SKIPPED: completion in ${shell}, because there is no ${shell}`)
const hasZsh = spawnSync('zsh', ['--version']).status === 0
if (!hasZsh) console.warn('SKIPPED: completion in zsh, because there is no zsh')

const rows: readonly { readonly words: readonly string[]; readonly offers: readonly string[] }[] = [
  { words: ['re'], offers: ['register', 'review'] },
  { words: ['tokens', ''], offers: ['create', 'help', 'list', 'retire', 'rotate'] },
  { words: ['tokens', 'create', '--cl'], offers: ['--cluster'] },
  { words: ['--verbose', 'doc'], offers: ['doctor'] },
  { words: ['doctor', '-o', ''], offers: ['json', 'text'] },
  { words: ['manifest', '--output', ''], offers: ['json', 'yaml'] },
  { words: ['certs', 'init', '--algorithm', 'r'], offers: ['rsa'] },
  { words: ['certs', 'st'], offers: ['status'] },
  { words: ['completion', ''], offers: ['bash', 'fish', 'zsh'] },
]

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'completion-'))
  for (const shell of ['bash', 'zsh', 'fish'])
    await writeFile(join(folder, shell), (await flyteWebhook(['completion', shell])).stdout)
})
afterAll(() => rm(folder, { recursive: true }))

describe.each(shells)('completion in $shell', ({ shell, ask, isHere }) => {
  it.skipIf(!isHere).each(rows)('offers $offers after $words', ({ words, offers }) => {
    const printed = execFileSync(shell, ['-c', ask(join(folder, shell), words)], { encoding: 'utf8' })
    expect(printed.trim().split('\n').toSorted()).toEqual(offers)
  })
})

describe('completion', () => {
  it('in bash leaves file names to the shell', () => {
    const asked = ['preview', '--config', 'we']
    const [bash] = shells
    const text = bash?.ask(join(folder, 'bash'), asked) ?? ''
    expect(execFileSync('bash', ['-c', text], { encoding: 'utf8' }).trim()).toBe('')
    expect(
      execFileSync('bash', ['-c', `${text}\ncomplete -p flyte-webhook`], { encoding: 'utf8' }),
    ).toContain('-o default')
  })

  it.skipIf(!hasZsh)('in zsh is a script that zsh can read', () => {
    expect(spawnSync('zsh', ['-f', '-n', join(folder, 'zsh')], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    })
  })

  it('lists the supported shells', async () => {
    expect(await flyteWebhook(['completion', 'tcsh'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Allowed choices are bash, zsh, fish'),
    })
  })
})
