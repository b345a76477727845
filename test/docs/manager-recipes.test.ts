import { spawnSync } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseRequest } from '../../infra/preview/readable-request.ts'
import { type AwsSecret, awsSecret } from '../../lib/managers/aws-secret.ts'
import { plainPod, previewed } from '../preview/previewed.ts'
import { blocksOf } from '../support/markdown.ts'
import { createOperatorFolder } from '../support/operator-folder.ts'
import type { Json } from '../support/pods.ts'
import { TerminalSession } from '../support/terminal-session.ts'
import { overviewFile } from './manager-overview.ts'
import { pagesFolder } from './manager-pages.ts'

const page = await readFile(overviewFile, 'utf8')
const aws = await readFile(join(pagesFolder, 'aws.md'), 'utf8')
const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret'

/** What commands of the page print, where `kubectl` is a script. */
const pasted = async (commands: string, kubectl: string): Promise<string> => {
  const { path, env } = await createOperatorFolder({ kubectl })
  const terminal = new TerminalSession(path, env)
  const printed = await terminal.paste(commands)
  await terminal.end()
  await rm(path, { recursive: true })
  return printed
}

describe('the order of managers in docs/managers.md', () => {
  const [config = ''] = blocksOf(page, 'Several managers', 'yaml')
  const { webhook, function: ours }: Json = parse(config)
  const { managers: _, ...unlimited } = ours

  it.each([
    { order: ['K8s', 'AWS'], with: unlimited, serve: ['K8s', 'AWS'] },
    { order: ['AWS', 'K8s'], with: unlimited, serve: ['AWS', 'AWS'] },
    { order: webhook.secretManagerTypes, with: ours, serve: ['K8s', 'AWS'] },
  ])('gives db-creds and prod/db to $serve of $order', async ({ order, with: section, serve }) => {
    const { requests } = await previewed(plainPod, {
      sections: { webhook: { secretManagerTypes: order }, function: section },
      secrets: ['db-creds/password', 'prod/db/password'],
    })
    const serving = requests.map((request) => ('asked' in request ? request.asked.at(-1) : undefined))
    expect(serving).toMatchObject(serve.map((manager) => ({ manager, said: 'will inject' })))
  })
})

describe('the measurement of docs/managers.md', () => {
  it('prints the seconds of each init container', async () => {
    const [commands = ''] = blocksOf(page, 'What a fetch costs', 'sh')
    const terminated = { startedAt: '2026-01-01T00:00:58Z', finishedAt: '2026-01-01T00:01:03Z' }
    const status = {
      initContainerStatuses: [
        { name: 'aws-pull-secrets', state: { terminated } },
        { name: 'native-sidecar', state: { running: { startedAt: terminated.startedAt } } },
      ],
    }
    const kubectl = `case $* in *events*) echo pulled ;; *) echo '${JSON.stringify({ status })}' ;; esac`
    expect(await pasted(commands, kubectl)).toBe('aws-pull-secrets: 5 s\npulled\n')
  })
})

describe('the pod of try_secrets', () => {
  it('prints all names and never a value, with files and without', async () => {
    const [, definition = ''] = blocksOf(page, 'Try one in the cluster', 'sh')
    const pod: Json = parse(await pasted(definition, 'cat'))
    const { path, env } = await createOperatorFolder()
    const command: readonly string[] = pod.spec.containers[0].command.map((word: string) =>
      word.replace('/proc/1/environ', `${path}/environ`).replaceAll('/etc/flyte/secrets', `${path}/secrets`),
    )
    const run = () => spawnSync(command[0] ?? '', command.slice(1), { env, encoding: 'utf8' })
    await writeFile(join(path, 'environ'), '_FSEC_PROD/DB_PASSWORD=of\nlines=3\0B=b=b\0')
    expect(run()).toMatchObject({ status: 0, stdout: 'B\n_FSEC_PROD/DB_PASSWORD\n' })
    await mkdir(join(path, 'secrets/prod/db'), { recursive: true })
    await writeFile(join(path, 'secrets/prod/db/password'), 'x')
    expect(run().stdout).toMatch(/\n\S+\/secrets\/prod\/db\/password\n$/)
    await rm(path, { recursive: true })
  })
})

describe('the names of docs/managers/aws.md', () => {
  const rows = [...aws.matchAll(/^\| (.+) \| ?(.*) \| (.+) \| `(\S+)` \|$/gm)].map(
    ([, secret = '', group = '', key = '', request = '']) => ({ secret, group, key, request }),
  )

  it.each(rows)('are those of its requests: $request', ({ secret, group, key, request }) => {
    const named = parseRequest(request.replace('<ARN>', arn))
    const cell = (text: string) => text.replaceAll('`', '').replace('<ARN>', arn)
    expect(named).toMatchObject({ group: cell(group), key: cell(key) })
    const { id, jsonKey } = awsSecret({ ...named, annotation: '' }) as AwsSecret
    const [, name = 'prod/db'] = /in `(.+?)`/.exec(secret) ?? []
    expect([name, `${arn}:${name}`]).toContain(id)
    expect(jsonKey).toBe(secret.startsWith('the plain text') ? '' : 'password')
  })
})
