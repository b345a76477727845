import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { createProgram } from '../../infra/cli/program.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { captureTerminal } from '../support/captured-terminal.ts'
import { flyteWebhook } from '../support/command.ts'
import { example } from '../support/webhook.ts'

/** A command line that users of kubectl, gh and serverless type by habit, and its result. */
interface Habit {
  readonly habit: string
  /** `FOLDER` is replaced by a folder with `review.yaml`, `webhook.yaml` and `unknown.yaml`. */
  readonly line: string
  /** One of those files, as standard input. */
  readonly input?: 'review.yaml' | 'webhook.yaml'
  readonly status?: number
  readonly stdout?: RegExp
  readonly stderr?: RegExp
}

const version = new RegExp(`^${packageJson.version}\n$`)
const annotation = 'flyte.secrets/s0: nnsxsoraejwxsx2lmv3secq'

const habits: readonly Habit[] = [
  { habit: 'the version', line: 'version', stdout: version },
  { habit: 'the version', line: '-v', stdout: version },
  { habit: 'the version', line: '--version', stdout: version },
  { habit: 'help', line: '--help', stdout: /^Usage: flyte-webhook / },
  { habit: 'help', line: 'help doctor', stdout: /^Usage: flyte-webhook doctor / },
  { habit: 'help', line: 'doctor -h', stdout: /^Usage: flyte-webhook doctor / },
  { habit: '-f', line: 'preview -f FOLDER/review.yaml', stdout: /K8s/ },
  { habit: '-f', line: 'review -f FOLDER/review.yaml', stdout: /"allowed":true/ },
  { habit: '-f', line: 'decode -f FOLDER/review.yaml', stdout: /^ANNOTATION .*\nflyte\.secrets\/s0 / },
  { habit: '-f', line: 'config check -f FOLDER/webhook.yaml', stdout: /webhook\.yaml: / },
  {
    habit: '-f twice',
    line: 'review -f FOLDER/review.yaml -f FOLDER/review.yaml',
    stdout: /^\{.*\}\n\{.*\}\n$/,
  },
  { habit: 'a file as an argument', line: 'config check FOLDER/webhook.yaml', stdout: /webhook\.yaml: / },
  {
    habit: 'a file in both places',
    line: 'config check FOLDER/webhook.yaml -f FOLDER/webhook.yaml',
    status: 2,
    stderr: /^error: name one file: as an argument, or with -f\n$/,
  },
  { habit: '- for standard input', line: 'preview -', input: 'review.yaml', stdout: /K8s/ },
  { habit: '- for standard input', line: 'preview -f -', input: 'review.yaml', stdout: /K8s/ },
  { habit: '- for standard input', line: 'review -', input: 'review.yaml', stdout: /"allowed":true/ },
  { habit: '- for standard input', line: 'review -f -', input: 'review.yaml', stdout: /"allowed":true/ },
  { habit: '- for standard input', line: 'decode -f -', input: 'review.yaml', stdout: /flyte\.secrets\/s0 / },
  {
    habit: '- for standard input',
    line: 'config check -',
    input: 'webhook.yaml',
    stdout: /^standard input: /,
  },
  {
    habit: '- for standard input',
    line: 'review --config - FOLDER/review.yaml',
    input: 'webhook.yaml',
    stdout: /"allowed":true/,
  },
  { habit: '-o', line: 'encode db/password -o json', stdout: /^\{\n {2}"annotations"/ },
  { habit: '-o', line: 'preview -f FOLDER/review.yaml -o json', stdout: /^\{\n {2}"allowed": true/ },
  {
    habit: '-o with another format',
    line: 'encode db/password -o table',
    status: 2,
    stderr: /^error: option '-o, .*Allowed choices are text, json; see flyte-webhook encode --help\n$/,
  },
  { habit: 'a whole annotation', line: `decode '${annotation}'`, stdout: /flyte\.secrets\/s0 +\/my_key\n/ },
  { habit: 'a whole annotation', line: `decode ${annotation}`, stdout: /flyte\.secrets\/s0 +\/my_key\n/ },
  {
    habit: 'an error: prefix',
    line: 'preview no-such-file',
    status: 2,
    stderr: /^error: no-such-file: no such file\n$/,
  },
  {
    habit: 'an error: prefix for each problem',
    line: 'review --config FOLDER/unknown.yaml FOLDER/review.yaml',
    status: 2,
    stderr: /^error: .*unknown\.yaml:1: .*\nerror: .*unknown\.yaml:2: .*\n$/,
  },
  {
    habit: 'a warning: prefix',
    line: `manifest --url https://h.example/{cluster}/{token}/mutate--v1-pod --cluster c --token-file FOLDER/token`,
    stderr: /^warning: the URL contains the token: .*\n$/,
  },
  {
    habit: 'a mistyped command',
    line: 'reviw',
    status: 2,
    stderr: /^error: unknown command 'reviw' \(Did you mean review\?\); see flyte-webhook --help\n$/,
  },
  {
    habit: 'a command without its subcommand shows its help',
    line: 'tokens',
    status: 2,
    stderr: /^Usage: flyte-webhook tokens /,
  },
]

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'habits-'))
  await writeFile(join(folder, 'review.yaml'), stringify(JSON.parse(await example('plain'))))
  await writeFile(join(folder, 'webhook.yaml'), 'webhook: {secretManagerType: K8s}\n')
  await writeFile(join(folder, 'unknown.yaml'), 'one: 1\ntwo: 2\n')
  await writeFile(join(folder, 'token'), 'x'.repeat(43))
})
afterAll(() => rm(folder, { recursive: true }))

const wordsOf = (line: string): readonly string[] =>
  [...line.replaceAll('FOLDER', folder).matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word)

describe('a habit', { timeout: 20_000 }, () => {
  it.each(habits)('$habit: flyte-webhook $line', async ({ line, input, status = 0, stdout, stderr }) => {
    const text = input === undefined ? '' : await readFile(join(folder, input), 'utf8')
    const ended = await flyteWebhook(wordsOf(line), { input: text })
    expect(ended).toMatchObject({ status })
    if (stdout !== undefined) expect(ended.stdout).toMatch(stdout)
    expect(ended.stderr).toMatch(stderr ?? /^$/)
  })
})

const { terminal } = captureTerminal()
const program = createProgram({ terminal, now: () => new Date(0), environment: {} })

const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)]

describe('every command', () => {
  it.each([
    { long: '--filename', short: '-f' },
    { long: '--output', short: '-o' },
    { long: '--namespace', short: '-n' },
    { long: '--version', short: '-v' },
    { long: '--help', short: '-h' },
  ])('uses $short for $long and for nothing else', ({ long, short }) => {
    const options = all(program).flatMap((command) => command.createHelp().visibleOptions(command))
    const pairs = options.filter((option) => option.long === long || option.short === short)
    expect(pairs.length).toBeGreaterThan(0)
    for (const pair of pairs) expect(pair).toMatchObject({ long, short })
  })

  it.each(all(program).map((command) => ({ name: command.name(), command })))(
    'has help within 80 columns: $name',
    ({ command }) => {
      let help = ''
      command.configureOutput({ writeOut: (text) => void (help += text) })
      command.outputHelp()
      expect(help.split('\n').filter((line) => line.length > 80)).toEqual([])
    },
  )

  it('is in a group of flyte-webhook --help', () => {
    const groups = program
      .createHelp()
      .visibleCommands(program)
      .map((command) => command.helpGroup())
    expect(groups).not.toContain('')
    expect(new Set(groups).size).toBe(6)
  })
})

describe('messages', { timeout: 20_000 }, () => {
  it('are coloured on a terminal or with FORCE_COLOR, unless NO_COLOR is set', async () => {
    const colour = async (env: Readonly<Record<string, string>>) =>
      (await flyteWebhook(['preview', 'no-such-file'], { env })).stderr
    expect(await colour({ FORCE_COLOR: '1', NO_COLOR: '' })).toContain('\u{1b}[31merror:\u{1b}[39m no-such')
    expect(await colour({ NO_COLOR: '1' })).toMatch(/^error: no-such/)
  })
})
