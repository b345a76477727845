import { describe, expect, it } from 'vitest'
import { createGcp } from '../../lib/managers/gcp.ts'
import type { Json } from '../support/pods.ts'
import { expanded } from '../../lib/manager-testing/kubelet.ts'
import { callsIn, recording, run } from './kubelet.ts'
import { host, podFacts } from '../../lib/manager-testing/samples.ts'
import { fileDiscovery, plain, resolved } from './resolved.ts'

const gcp = createGcp({ sidecarImage: 'cloud-sdk', resources: {} }, host)
const request = { group: 'Token', groupVersion: '3', key: 'unused' }

/** Returns the calls of the init container's command, with `gcloud` as a shell function that ends with this statement. */
const callsOf = async (fields: object, gcloud: string) => {
  const { wants }: Json = await resolved(gcp, { ...request, ...fields })
  const [shell, option, script] = wants[0].step.command
  expect([shell, option]).toEqual(['sh', '-ec'])
  return callsIn(run(recording('gcloud', gcloud) + recording('chmod') + expanded(script)))
}

describe('a secret of GCP', () => {
  it('is a fetch, its file and the variables of files', async () => {
    expect(await resolved(gcp, { ...request, envVar: 'TOKEN_FILE' })).toEqual({
      kind: 'found',
      wants: [
        {
          kind: 'fetch',
          identity: expect.any(String),
          name: 'gcp-secret-vol',
          mountPath: '/etc/flyte/secrets',
          step: {
            command: [
              'sh',
              '-ec',
              'gcloud secrets versions access Token/versions/3 --out-file=/etc/flyte/secrets/token/3 || ' +
                'gcloud secrets versions access 3 --secret=Token --out-file=/etc/flyte/secrets/token/3; ' +
                'chmod +rX /etc/flyte/secrets/token /etc/flyte/secrets/token/3',
            ],
          },
        },
        {
          kind: 'file',
          path: '/etc/flyte/secrets/token/3',
          root: '/etc/flyte/secrets',
          identity: expect.any(String),
        },
        ...fileDiscovery,
        plain('TOKEN_FILE', '/etc/flyte/secrets/token/3'),
      ],
    })
  })

  it.each([
    { what: 'plain names', group: 'Token', groupVersion: '3' },
    { what: 'a resource name', group: 'projects/p/secrets/Token', groupVersion: 'latest' },
    {
      what: 'text that a shell would run',
      group: 'A $(id) `id` \'B\' "C" ; & | > \\',
      groupVersion: "$HOME '2'\n",
    },
    { what: 'text that the kubelet would expand', group: '$(PATH) $$ $', groupVersion: '$$(PATH)' },
  ])('is fetched exactly as requested, with $what', async ({ group, groupVersion }) => {
    const directory = `/etc/flyte/secrets/${group.toLowerCase()}`
    const out = `--out-file=${directory}/${groupVersion.toLowerCase()}`
    const access = ['gcloud', 'secrets', 'versions', 'access']
    const onlyWithSecret = 'case "$*" in *--secret=*) return 0;; *) return 1;; esac'
    expect(await callsOf({ group, groupVersion }, onlyWithSecret)).toEqual([
      [...access, `${group}/versions/${groupVersion}`, out],
      [...access, groupVersion, `--secret=${group}`, out],
      ['chmod', '+rX', directory, `${directory}/${groupVersion.toLowerCase()}`],
    ])
  })

  it('is fetched once if it exists as a resource', async () => {
    expect(await callsOf({}, 'return 0')).toHaveLength(2)
  })

  it('fails the container if it exists neither as a resource nor as a secret', async () => {
    await expect(callsOf({}, 'return 1')).rejects.toMatchObject({ status: 1 })
  })

  it.each([
    { fields: { groupVersion: '' }, reason: 'it needs a group and a group_version' },
    { fields: { group: '' }, reason: 'it needs a group and a group_version' },
    {
      fields: { mountRequirement: 'ENV_VAR' as const },
      reason: 'it makes only files, but the request wants a variable',
    },
    { fields: { group: 'a/..' }, reason: 'the path of its file would have a segment "." or ".."' },
    { fields: { groupVersion: '..' }, reason: 'the path of its file would have a segment "." or ".."' },
    { fields: { groupVersion: '1/x' }, reason: 'no secret has a version with a slash' },
    {
      fields: { group: '--flags-file=x' },
      reason: 'gcloud would read a group or group_version that begins with "-" as an option',
    },
    {
      fields: { groupVersion: '--help' },
      reason: 'gcloud would read a group or group_version that begins with "-" as an option',
    },
    { fields: { group: '/' }, reason: 'the path of its file would be empty' },
    {
      fields: { group: 'a\0', mountRequirement: 'ENV_VAR' as const },
      pod: podFacts({ envFiles: true }),
      reason: 'no secret has a group or group_version with a NUL',
    },
    { fields: { group: 'a\0' }, reason: 'the path of its file would contain a NUL' },
  ])('is not of GCP: $reason', async ({ fields, pod, reason }) => {
    expect(await resolved(gcp, { ...request, ...fields }, pod)).toEqual({ kind: 'not-mine', reason })
  })
})
