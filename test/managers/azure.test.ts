import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createAzure } from '../../lib/managers/azure.ts'
import type { Json } from '../support/pods.ts'
import { expanded } from '../../lib/manager-testing/kubelet.ts'
import { callsIn, recording, run } from './kubelet.ts'
import { host } from '../../lib/manager-testing/samples.ts'
import { fileDiscovery, plain, resolved } from './resolved.ts'

const azure = createAzure({ sidecarImage: 'azure-cli', resources: {} }, host)
const directory = mkdtempSync(join(tmpdir(), 'flyte-webhook-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** Runs the init container's command in its own directory, with `az` as a shell function that ends with this statement. */
const runOf = async (fields: object, az?: string) => {
  const { wants }: Json = await resolved(azure, fields)
  const [shell, option, script] = wants[0].step.command
  expect([shell, option]).toEqual(['sh', '-ec'])
  const token = join(directory, '.federated')
  const prepared = `printf federated > ${token}\n${recording('az', az)}`
  const environment = {
    AZURE_CLIENT_ID: 'client',
    AZURE_TENANT_ID: 'tenant',
    AZURE_FEDERATED_TOKEN_FILE: token,
  }
  const output = run(prepared + expanded(script).replaceAll('/etc/flyte/secrets', directory), environment)
  return {
    calls: callsIn(output),
    fileAt: (path: string) => callsIn(readFileSync(join(directory, path), 'utf8')),
  }
}

describe('a secret of Azure', () => {
  it('is a fetch, its file and the variables of files', async () => {
    const { kind, wants }: Json = await resolved(azure, {
      group: 'https://v/secrets/Token/',
      envVar: 'TOKEN_FILE',
    })
    expect(kind).toBe('found')
    expect(wants).toEqual([
      expect.objectContaining({ kind: 'fetch', name: 'azure-secret-vol', mountPath: '/etc/flyte/secrets' }),
      {
        kind: 'file',
        path: '/etc/flyte/secrets/token',
        root: '/etc/flyte/secrets',
        identity: expect.any(String),
      },
      ...fileDiscovery,
      plain('TOKEN_FILE', '/etc/flyte/secrets/token'),
    ])
    expect(wants[0].step.command[2]).toBe(
      'az login --service-principal -u $AZURE_CLIENT_ID -t $AZURE_TENANT_ID --federated-token "$(cat $AZURE_FEDERATED_TOKEN_FILE)"; ' +
        'az keyvault secret show --id "https://v/secrets/Token/" --query "value" -o tsv > /etc/flyte/secrets/token',
    )
  })

  it.each([
    { what: 'the latest version', group: 'https://v/secrets/Latest', groupVersion: '', file: 'latest' },
    { what: 'a version', group: 'https://v/secrets/Token', groupVersion: '7F', file: 'token/7f' },
    {
      what: 'text that a shell would run',
      group: 'https://v/secrets/A $(id) `id` \'B\' "C" \\ ; & >',
      groupVersion: '"$HOME" \\\n\'2\'',
      file: 'a $(id) `id` \'b\' "c" \\ ; & >/"$home" \\\n\'2\'',
    },
    {
      what: 'text that the kubelet would expand',
      group: 'https://v/secrets/$(PATH) $$ $',
      groupVersion: '$$(PATH)',
      file: '$(path) $$ $/$$(path)',
    },
  ])('is written to its file with $what', async ({ group, groupVersion, file }) => {
    const { calls, fileAt } = await runOf({ group, groupVersion })
    expect(calls).toEqual([
      [
        'az',
        'login',
        '--service-principal',
        '-u',
        'client',
        '-t',
        'tenant',
        '--federated-token',
        'federated',
      ],
    ])
    const id = `${group}/${groupVersion}`
    expect(fileAt(file)).toEqual([
      ['az', 'keyvault', 'secret', 'show', '--id', id, '--query', 'value', '-o', 'tsv'],
    ])
  })

  it('fails the container if the login fails, and leaves no file', async () => {
    await expect(runOf({ group: 'https://v/secrets/nologin' }, 'return 1')).rejects.toMatchObject({
      status: 1,
    })
    expect(readdirSync(directory)).not.toContain('nologin')
  })

  it.each([
    { fields: {}, reason: 'it needs a group' },
    { fields: { group: '//' }, reason: 'the path of its file would be empty' },
    { fields: { group: 'https://v/..' }, reason: 'the path of its file would have a segment "." or ".."' },
    {
      fields: { group: 'https://v/secrets/a', groupVersion: '..' },
      reason: 'the path of its file would have a segment "." or ".."',
    },
    {
      fields: { group: 'https://v/secrets/a', groupVersion: 'a/b' },
      reason: 'no secret has a version with a slash or a NUL',
    },
    {
      fields: { group: 'https://v/secrets/a', groupVersion: '\0' },
      reason: 'no secret has a version with a slash or a NUL',
    },
    { fields: { group: 'https://v\0/secrets/a' }, reason: 'no secret has a URI with a NUL' },
    {
      fields: { group: 'https://v/secrets/a', mountRequirement: 'ENV_VAR' as const },
      reason: 'it makes only files, but the request wants a variable',
    },
  ])('is not of Azure: $reason', async ({ fields, reason }) => {
    expect(await resolved(azure, fields)).toEqual({ kind: 'not-mine', reason })
  })
})
