import { describe, expect, it } from 'vitest'
import { createAwsCli } from '../../lib/managers/aws-cli.ts'
import { podAsking, podServedBy } from './decided.ts'
import { host } from '../../lib/manager-testing/samples.ts'
import { fileDiscovery, plain, resolved } from './resolved.ts'

const cli = createAwsCli(
  {
    cliImage: 'aws-cli:2',
    resources: { limits: { cpu: '1' } },
  },
  host,
)
const prefix = 'arn:aws:secretsmanager:us-east-2:111122223333:secret'

describe('a secret that the AWS CLI fetches', () => {
  it('is a fetch, its file and the variables of files', async () => {
    const path = `/etc/flyte/secrets/${prefix}/db#key`
    const asked = { group: prefix, key: 'Db#Key', groupVersion: 'AWSPREVIOUS', envVar: 'DB_FILE' }
    expect(await resolved(cli, asked)).toEqual({
      kind: 'found',
      wants: [
        {
          kind: 'fetch',
          identity: expect.any(String),
          name: 'aws-secret-vol',
          mountPath: '/etc/flyte/secrets',
          step: { args: [path, `${prefix}:Db`, 'us-east-2', 'AWSPREVIOUS', '', 'Key', ''] },
        },
        { kind: 'file', path, root: '/etc/flyte/secrets', identity: expect.any(String) },
        ...fileDiscovery,
        plain('DB_FILE', path),
      ],
    })
  })

  it.each([
    { fields: { group: prefix }, reason: 'it needs a key' },
    {
      fields: { group: prefix, key: 'k', mountRequirement: 'ENV_VAR' as const },
      reason: 'it makes only files, but the request wants a variable',
    },
    { fields: { group: prefix, key: '..' }, reason: 'the path of its file would have a segment "." or ".."' },
    {
      fields: { group: prefix, key: 'k', groupVersion: '-' },
      reason: 'group_version is not a valid stage or version id',
    },
  ])('is not of AWS: $reason', async ({ fields, reason }) => {
    expect(await resolved(cli, fields)).toEqual({ kind: 'not-mine', reason })
  })

  it('has a different content for each version, in the same file', async () => {
    const asked = (groupVersion: string) => ({ group: prefix, key: 'k', groupVersion })
    await expect(podServedBy(cli, podAsking(asked(''), asked('AWSPREVIOUS')))).rejects.toThrow(
      'different contents',
    )
  })
})

describe('the init container of the AWS CLI', () => {
  it('is the only one of the pod, restricted, with a private home directory', async () => {
    const asking = podAsking({ group: prefix, key: 'a' }, { group: prefix, key: 'b#$(HOME)' })
    const pod = await podServedBy(cli, asking)
    const wordsOfA = [`/etc/flyte/secrets/${prefix}/a`, `${prefix}:a`, 'us-east-2', '', '', '', '']
    const fileOfB = `/etc/flyte/secrets/${prefix}/b#$$(home)`
    const wordsOfB = [fileOfB, `${prefix}:b`, 'us-east-2', '', '', '$$(HOME)', '']
    const [container, ...others] = pod.spec.initContainers
    expect(others).toEqual([])
    expect(container).toEqual({
      name: 'aws-pull-secrets',
      image: 'aws-cli:2',
      command: ['sh', '-c', expect.any(String), 'sh', ...wordsOfA, ...wordsOfB],
      env: [
        { name: 'HOME', value: '/mnt/aws-cli-home' },
        { name: 'TMPDIR', value: '/mnt/aws-cli-home' },
        { name: 'LC_ALL', value: 'C.UTF-8' },
        { name: 'PYTHONUTF8', value: '1' },
      ],
      resources: { limits: { cpu: '1' } },
      terminationMessagePolicy: 'FallbackToLogsOnError',
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65_532,
        runAsGroup: 65_532,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      },
      volumeMounts: [
        { name: 'aws-secret-vol', mountPath: '/etc/flyte/secrets' },
        { name: 'aws-cli-home', mountPath: '/mnt/aws-cli-home' },
      ],
    })
    expect(pod.spec.volumes).toEqual([
      { name: 'aws-secret-vol', emptyDir: { medium: 'Memory' } },
      { name: 'aws-cli-home', emptyDir: { medium: 'Memory' } },
    ])
    expect(pod.spec.containers[0].volumeMounts).toEqual([
      { name: 'aws-secret-vol', mountPath: '/etc/flyte/secrets', readOnly: true },
    ])
  })
})
