import { spawnSync } from 'node:child_process'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAwsCli } from '../../../lib/managers/aws-cli.ts'
import type { SecretRequest } from '../../../lib/request/secret-request.ts'
import { podAsking, podServedBy } from '../decided.ts'
import { Moto } from '../../support/moto.ts'
import { isMotoInstalled, motoEnvironment } from '../../support/moto-environment.ts'
import { PodFolder, programPath, shellsHere } from './pull-container.ts'
import { host } from '../../../lib/manager-testing/samples.ts'

/** Returns the path of an `aws` program with this version, or undefined. */
const programOf = (version: 1 | 2, candidates: readonly string[]): string | undefined => {
  const found = candidates.find((path) =>
    String(spawnSync(path, ['--version']).stdout).startsWith(`aws-cli/${version}.`),
  )
  if (found === undefined)
    console.warn(`SKIPPED: tests with version ${version} of the AWS CLI: there is none`)
  return found
}
const hasJq = spawnSync('jq', ['--version']).status === 0
if (!hasJq) console.warn('SKIPPED: tests with the AWS CLI, because there is no jq')
const programs =
  isMotoInstalled && hasJq
    ? [
        { version: 1, aws: programOf(1, [join(motoEnvironment, 'bin/aws')]) },
        { version: 2, aws: programOf(2, ['/usr/bin/aws', '/usr/local/bin/aws']) },
      ].filter(({ aws }) => aws !== undefined)
    : []
/** Covers every shell and every version, but not every pair, because they are independent. */
const rows = shellsHere.flatMap(({ name }, index) => {
  const program = programs[index % programs.length]
  return program === undefined ? [] : [{ ...program, shell: name }]
})

const manager = createAwsCli({ cliImage: 'amazon/aws-cli:2', resources: {} }, host)
const everyByte = Buffer.from(Array.from({ length: 65_536 }, (_, index) => (index * 7) % 256))
const long = 'ü'.repeat(32_768)
const hostile = `it's "$(HOME)" \`id\` $$ \\ ; * --help\n`
const json = JSON.stringify({
  [hostile]: 'reached',
  password: 'p$(HOME)\n',
  'a b#c': 'é',
  port: 5432,
  on: { deep: [null, true] },
})
const texts = {
  plain: 'hunter2',
  'team/Line-end': 'line\n\n',
  unicode: 'grün 🔑 $(HOME) $$ "\\ \u0000 \u001f',
  long,
  json,
}

let moto: Moto | undefined
const arns: Record<string, string> = {}
const versions: Record<string, string> = {}
beforeAll(async () => {
  if (!isMotoInstalled) return
  moto = await Moto.start()
  const call = moto.call.bind(moto)
  for (const [name, text] of Object.entries(texts)) {
    const { ARN } = await call('CreateSecret', { Name: name, SecretString: text })
    arns[name] = ARN
  }
  await call('CreateSecret', { Name: 'binary', SecretBinary: everyByte.toString('base64') })
  await call('CreateSecret', { Name: 'elsewhere', SecretString: 'in Ohio' }, 'us-east-2')
  const first = await call('CreateSecret', { Name: 'turned', SecretString: 'first' })
  versions['first'] = first.VersionId
  await call('PutSecretValue', { SecretId: 'turned', SecretString: 'second' })
})
const folders: PodFolder[] = []
afterAll(async () => {
  await Promise.all(folders.map((folder) => folder.remove()))
  await moto?.stop()
})

const prefix = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret'
const credentials = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_EC2_METADATA_DISABLED: 'true' }

describe.skipIf(rows.length === 0)('the init container of the AWS CLI', () => {
  describe.concurrent.each(rows)('version $version in $shell', ({ aws = '', shell }) => {
    /** Creates a folder for PATH with the image's programs: `aws` and these tools. */
    const imageWith = async (at: PodFolder, tools: readonly string[]): Promise<string> => {
      const path = join(at.folder, 'image')
      await mkdir(path)
      await writeFile(join(path, 'aws'), `#!/bin/sh\nexec ${aws} --endpoint-url ${moto?.endpoint} "$@"\n`)
      await chmod(join(path, 'aws'), 0o755)
      for (const tool of tools) {
        await symlink(programPath(tool), join(path, tool))
      }
      return path
    }
    const fetchedWith = async (
      tools: readonly string[],
      asked: readonly Partial<SecretRequest>[],
      environment: Readonly<Record<string, string>> = {},
    ) => {
      const pod = await podServedBy(manager, podAsking(...asked))
      const at = await PodFolder.create()
      folders.push(at)
      const options = {
        shell,
        path: [await imageWith(at, tools)],
        readsAll: true,
        environment: { ...credentials, ...environment },
      }
      const ended = await at.run(pod, pod.spec.initContainers[0], options)
      return { at, ended, files: await at.files('aws-secret-vol') }
    }
    const fetched = (...asked: readonly Partial<SecretRequest>[]) => fetchedWith(['jq'], asked)
    const expectFile = async (asked: Partial<SecretRequest>, content: string | Uint8Array): Promise<void> => {
      const { ended, files } = await fetched(asked)
      expect(ended).toEqual({ status: 0, stdout: '', stderr: '' })
      const path = `${asked.group}/${asked.key}`.toLowerCase()
      expect(Object.keys(files)).toEqual([path])
      expect(files[path]?.equals(Buffer.from(content))).toBe(true)
    }

    it.each([
      { what: 'plain text', key: 'plain', content: texts.plain },
      {
        what: 'text with line ends, under a name with a slash',
        key: 'team/Line-end',
        content: texts['team/Line-end'],
      },
      { what: 'Unicode and control characters', key: 'unicode', content: texts.unicode },
      { what: '64 KiB of text', key: 'long', content: long },
      { what: '64 KiB of every byte', key: 'binary', content: everyByte },
      { what: 'a whole JSON object', key: 'json', content: json },
      { what: 'one key of it', key: 'json#password', content: 'p$(HOME)\n' },
      { what: 'a key with a space and a #', key: 'json#a b#c', content: 'é' },
      { what: 'a key that a shell or the kubelet would expand', key: `json#${hostile}`, content: 'reached' },
      { what: 'a number of it', key: 'json#port', content: '5432' },
      { what: 'an object of it as JSON', key: 'json#on', content: '{"deep":[null,true]}' },
    ])('fetches $what unchanged', async ({ key, content }) => {
      await expectFile({ group: prefix, key }, content)
    })

    it('fetches a secret by its full ARN', async () => {
      const arn = arns['plain'] ?? ''
      await expectFile({ group: prefix, key: arn.slice(prefix.length + 1) }, 'hunter2')
    })

    it.each([
      { what: 'the current version', versionOf: () => '', content: 'second' },
      { what: 'a stage', versionOf: () => 'AWSPREVIOUS', content: 'first' },
      { what: 'a version by its id', versionOf: () => versions['first'], content: 'first' },
    ])('fetches $what', async ({ versionOf, content }) => {
      await expectFile({ group: prefix, key: 'turned', groupVersion: versionOf() ?? '' }, content)
    })

    it('asks the region of the ARN, not its own', async () => {
      const group = prefix.replace('eu-west-1', 'us-east-2')
      const own = { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-1' }
      const { files } = await fetchedWith(['jq'], [{ group, key: 'elsewhere' }], own)
      expect(files).toEqual({ [`${group}/elsewhere`]: Buffer.from('in Ohio') })
    })

    it('asks its own region for a secret by its name', async () => {
      const own = { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-1' }
      const { files } = await fetchedWith(['jq'], [{ group: 'json', key: 'password' }], own)
      expect(files).toEqual({ 'json/password': Buffer.from('p$(HOME)\n') })
    })

    it('fetches all secrets of the pod, readable by every user, and leaves no traces elsewhere', async () => {
      const keys = ['plain', 'binary', 'json#password']
      const { at, ended, files } = await fetched(...keys.map((key) => ({ group: prefix, key })))
      expect(ended.status).toBe(0)
      expect(Object.keys(files).toSorted()).toEqual(keys.map((key) => `${prefix}/${key}`).toSorted())
      expect(await at.modeOf('aws-secret-vol', `${prefix}/plain`)).toBe(0o644)
      expect(await at.modeOf('aws-secret-vol', prefix)).toBe(0o755)
      expect(await at.files('aws-cli-home')).toEqual({})
    })

    it.each([
      {
        what: 'AWS has no such secret',
        asked: { key: 'missing' },
        words: ['ResourceNotFoundException', `${prefix}:missing: it could not be fetched`],
      },
      {
        what: 'AWS has no such version',
        asked: { key: 'turned', groupVersion: 'NEVER' },
        words: ['ResourceNotFoundException', `${prefix}:turned: it could not be fetched`],
      },
      {
        what: 'the object has no such key',
        asked: { key: 'json#none' },
        words: ['it is not a JSON object with this key'],
      },
      { what: 'the secret is not JSON', asked: { key: 'plain#k' }, words: ['it is not JSON'] },
      { what: 'the secret is binary', asked: { key: 'binary#k' }, words: ['it is binary and has no keys'] },
    ])('fails with the reason if $what, and leaves no file of it', async ({ asked, words }) => {
      const { at, ended, files } = await fetched(
        { group: prefix, key: 'unicode' },
        { group: prefix, ...asked },
      )
      expect(ended.status).not.toBe(0)
      for (const word of words) expect(ended.stderr).toContain(word)
      expect(ended.stderr).not.toContain('hunter2')
      expect(Object.keys(files)).toEqual([`${prefix}/unicode`])
      expect(await at.files('aws-cli-home')).toEqual({})
    })

    it('fails with the reason if the image lacks jq', async () => {
      const { ended, files } = await fetchedWith([], [{ group: prefix, key: 'plain' }])
      expect(ended).toEqual({
        status: 127,
        stdout: '',
        stderr: 'jq: not found; the image must have aws, jq and base64 (amazon/aws-cli since 2025-08)\n',
      })
      expect(files).toEqual({})
    })
  })
})
