import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { copyFile, cp, mkdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from '../../infra/build/bundle.ts'
import { readConfigFile } from '../../infra/config/config-file.ts'
import { projectRoot } from '../../infra/project-root.ts'
import { ApiServer } from '../e2e/api-server.ts'
import { assets } from '../e2e/assets.ts'
import { freePort } from '../e2e/free-port.ts'
import { blocksOf } from '../support/markdown.ts'
import { type Running, until } from '../support/program.ts'
import { TeamFolder } from './team-folder.ts'

/** The size limit of the tarball. A page of documentation takes about 10,000. */
const maxBytes = 900_000

/** The arguments that package the function. This SHA-256 matches no token. */
const packaging = ['run', '-s', 'package', '--', '--param', `callerTokenSha256=ci=${'0'.repeat(64)}`]

const page = await readFile(join(projectRoot, 'docs/adopt.md'), 'utf8')

let tarball: string
let team: TeamFolder

beforeAll(async () => {
  const said = execFileSync('npm', ['run', '-s', 'build:package'], { cwd: projectRoot, encoding: 'utf8' })
  console.log(said.trim())
  tarball = join(projectRoot, said.split(' ')[0] ?? '')
  team = await TeamFolder.create()
  await team.succeed('npm', ['install', tarball])
})
afterAll(() => team.remove())

/** The chart's section for the webhook's Deployment. It contains no configuration. */
const chartSection = 'chart-values-pasted/webhook-chart-section.yaml'
/** Configurations that failed in the field. */
const field = readdirSync(join(projectRoot, 'test/field'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /webhook[\w-]*\.yaml$/.test(file) && file !== chartSection)
  .map((file) => ({ file, text: readFileSync(join(projectRoot, 'test/field', file), 'utf8') }))

/** Values as in Flyte's charts. */
const charts = [
  {
    file: 'values of flyte-core',
    text: 'configmap: {core: {webhook: {secretManagerType: Vault, vaultSecretManager: {role: flyte}}}}',
  },
  {
    file: 'values of flyte-binary',
    text: 'configuration: {inline: {webhook: {secretManagerType: AWS}, secrets: {env-prefix: S_}}}',
  },
]

const files = (): string[] =>
  execFileSync('tar', ['--list', '--file', tarball], { encoding: 'utf8' }).trim().split('\n')

describe('the package', () => {
  it(`has at most ${maxBytes} bytes`, async () => {
    expect((await stat(tarball)).size).toBeLessThanOrEqual(maxBytes)
  })

  it('has compiled code, its types, and nothing of the tests', () => {
    expect(
      files().filter((name) => /(?<!\.d)\.tsx?$|^package\/(test|node_modules|infra\/package)\//.test(name)),
    ).toEqual([])
    expect(files()).toEqual(
      expect.arrayContaining(
        [
          'lib/manager-kit/kit.d.ts',
          'infra/resources/fragments.cjs',
          'playground/main.js',
          'webhook.schema.json',
          'LICENSE',
        ].map((name) => `package/${name}`),
      ),
    )
  })

  it('installs no Node, no compiler and no tool that it does not import', async () => {
    const tree = JSON.parse(await team.read('node_modules/flyte-webhook/package.json'))
    expect(Object.keys(tree.dependencies)).toEqual(
      expect.arrayContaining(['commander', 'esbuild', 'yaml', 'zod']),
    )
    expect(Object.keys(tree.dependencies)).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(node|typescript|preact|serverless|vitest|@types\/.*)$/),
      ]),
    )
  })

  it('is the code of the repository', async () => {
    const built = await Promise.all([
      withLongNames(projectRoot, 'ts'),
      withLongNames(join(projectRoot, 'dist-package'), 'js'),
    ])
    expect(built[1] === built[0]).toBe(true)
  })
})

/** Bundles the function without short names: esbuild chooses them by letter frequency, and only one of the sources has types. */
const withLongNames = async (folder: string, extension: string): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(folder, `functions/mutate.${extension}`)],
    absWorkingDir: folder,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
    define: { BUNDLED_CONFIG: '{}', BUNDLED_VERSION: '""' },
  })
  return outputFiles.map(({ text }) => text).join('')
}

describe('a project of a team, from the package alone', () => {
  const inProject = (command: string, ...args: readonly string[]): Promise<string> =>
    team.succeed(command, args, 'webhook')

  beforeAll(async () => {
    const clone = join(team.path, 'flyte-webhook')
    await mkdir(clone)
    for (const file of [tarball, join(projectRoot, 'package.json')])
      await copyFile(file, join(clone, basename(file)))
    const [write = 'false'] = blocksOf(page, '2. Write the project', 'sh')
    await team.succeed('bash', ['-c', write], 'flyte-webhook')
  })

  it('can be installed without the clone and its tarball', async () => {
    const colleague = join(team.path, 'elsewhere/of-a-colleague')
    const excluded = (path: string): boolean => basename(path) === 'node_modules'
    await cp(join(team.path, 'webhook'), colleague, { recursive: true, filter: (path) => !excluded(path) })
    await team.succeed('npm', ['ci'], 'elsewhere/of-a-colleague')
    const said = await team.succeed('npm', ['run', '-s', 'check'], 'elsewhere/of-a-colleague')
    expect(said).toMatch(/^webhook\.yaml: valid; /m)
  })

  it('names no registry for the package', async () => {
    const { packages } = JSON.parse(await team.read('webhook/package-lock.json'))
    expect(packages['node_modules/flyte-webhook'].resolved).toBe(`file:vendor/${basename(tarball)}`)
  })

  it('passes its own check, which answers its example', async () => {
    const said = await inProject('npm', 'run', '-s', 'check')
    expect(said).toMatch(/^webhook\.yaml: valid; profile flyte1, managers Global, K8s, digest \w+$/m)
    expect(JSON.parse(said.trim().split('\n').at(-1) ?? '').response).toMatchObject({
      allowed: true,
      patchType: 'JSONPatch',
    })
  })

  it('previews what a pod gets', async () => {
    const said = await inProject(
      'npx',
      'flyte-webhook',
      'preview',
      'examples/task.yaml',
      '--secret',
      'db/password:ENV_VAR',
    )
    expect(said).toContain('_FSEC_DB_PASSWORD')
  })

  it('packages the zip and both templates', async () => {
    await inProject('npm', ...packaging)
    const { Resources } = JSON.parse(await team.read('webhook/.serverless/flyte-webhook.template.json'))
    expect(Object.keys(Resources)).toEqual(
      expect.arrayContaining(['MutateLambdaFunction', 'MutateRole', 'ApiGatewayStage', 'Dashboard']),
    )
    const listed = execFileSync('unzip', ['-Z1', join(team.path, 'webhook/.serverless/flyte-webhook.zip')], {
      encoding: 'utf8',
    })
    expect(listed.trim().split('\n').toSorted()).toEqual(['dist/LICENCES.txt', 'dist/mutate.cjs'])
  })

  it('has the bundle of the repository, except for the names of variables', async () => {
    const loaded = await readConfigFile(join(projectRoot, 'webhook.yaml'))
    const own = await bundle({ ...loaded, outDir: join(team.path, 'of-the-repository') })
    expect((await stat(join(team.path, 'webhook/dist/mutate.cjs'))).size).toBe(own.bytes)
    expect(await team.read('webhook/dist/LICENCES.txt')).toBe(
      await team.read('of-the-repository/LICENCES.txt'),
    )
  })

  it('serves the webhook, and answers the curl line that it prints', async () => {
    const port = await freePort()
    const server = team.run('npm', ['start', '--', `--port=${port}`], 'webhook')
    await whileItRuns(server, async () => {
      const lines = server.stdout().split('\n')
      const curl = lines.find((line) => line.trim().startsWith('curl')) ?? 'false'
      const answer = await team.succeed('sh', ['-c', `${curl} -sS`], 'webhook')
      expect(JSON.parse(answer).response).toMatchObject({ allowed: true, patchType: 'JSONPatch' })
    })
  })

  it.skipIf(assets === undefined)('is registered by the command that it prints', async () => {
    const api = await ApiServer.start(assets ?? '')
    try {
      const port = await freePort()
      const server = team.run('npm', ['start', '--', `--port=${port}`], 'webhook')
      await whileItRuns(server, async () => {
        const [, register = 'false'] = /^ +(npx flyte-webhook register .*)$/m.exec(server.stdout()) ?? []
        const said = await team.succeed(
          'sh',
          ['-c', `KUBECONFIG=${await api.kubeconfig()} ${register}`],
          'webhook',
        )
        expect(said).toMatch(/^MutatingWebhookConfiguration flyte-pod-webhook: created\n/)
      })
    } finally {
      await api.stop()
    }
  })

  it.each([...field, ...charts])('imports $file', async ({ file, text }) => {
    await team.write('webhook/flyte.yaml', text)
    const imported = await inProject('npx', 'flyte-webhook', 'config', 'import', 'flyte.yaml')
    await team.write('webhook/imported.yaml', imported)
    const said = await inProject('npx', 'flyte-webhook', 'config', 'check', 'imported.yaml')
    expect({ file, said }).toEqual({ file, said: expect.stringMatching(/^imported\.yaml: valid/m) })
  })

  it('imports and prints nothing without a configuration', async () => {
    const file = join(projectRoot, 'test/field', chartSection)
    const command = team.run('npx', ['flyte-webhook', 'config', 'import', file], 'webhook')
    expect({ status: await command.ended, stdout: command.stdout() }).toEqual({ status: 2, stdout: '' })
  })

  it('adds a manager whose test passes, and packages it', async () => {
    const configuration = await inProject('npx', 'flyte-webhook', 'manager', 'init', 'MyStore')
    const tested = await inProject('node', '--test', '--test-reporter=tap', 'managers/my-store.test.ts')
    expect(tested).toMatch(/^# pass 11$/m)
    await team.write('webhook/webhook.yaml', configuration)
    expect(await inProject('npx', 'flyte-webhook', 'config', 'check')).toContain('managers Global, MyStore')
    await inProject('npm', ...packaging)
    expect(await team.read('webhook/dist/mutate.cjs')).toContain('registry.example.com/my-store:1')
  })

  it('offers its manager the types of the kit', async () => {
    const options = [
      '--noEmit',
      '--strict',
      '--allowImportingTsExtensions',
      '--module',
      'nodenext',
      '--target',
      'es2024',
    ]
    const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc')
    const types = ['--types', 'node', '--typeRoots', join(projectRoot, 'node_modules/@types')]
    await inProject('node', tsc, ...options, ...types, 'managers/my-store.ts', 'managers/my-store.test.ts')
    const text = await team.read('webhook/managers/my-store.ts')
    await team.write('webhook/managers/wrong.ts', text.replaceAll('sidecarImage', 'image'))
    const wrong = team.run('node', [tsc, ...options, ...types, 'managers/wrong.ts'], 'webhook')
    await wrong.ended
    expect(wrong.stdout()).toMatch(
      /^managers\/wrong\.ts\(\d+,\d+\): error TS2339: Property 'image' does not exist/,
    )
  })

  it('serves the playground with its manager', async () => {
    const args = ['node_modules/.bin/flyte-webhook', 'playground', '--port=0', '--config=webhook.yaml']
    const program = team.run('node', args, 'webhook')
    await whileItRuns(program, async () => {
      const [url = ''] = /http:\/\/127\.0\.0\.1:\d+\//.exec(program.stdout()) ?? []
      const textOf = async (name: string): Promise<string> => (await fetch(new URL(name, url))).text()
      expect(await textOf('configured.js')).toContain('registry.example.com/my-store:1')
      const built = join(projectRoot, 'dist-package/playground/main.js')
      expect(await textOf('main.js')).toBe(await readFile(built, 'utf8'))
    })
  })
})

/** Waits until a server prints how to stop it, runs `act`, then stops the server with Ctrl-C. */
const whileItRuns = async (server: Running, act: () => Promise<void>): Promise<void> => {
  try {
    await until(() => server.stdout().includes('Ctrl-C ends it') || server.process.exitCode !== null)
    await act()
  } finally {
    server.process.kill('SIGINT')
  }
  expect(await server.ended).toBe(0)
}
