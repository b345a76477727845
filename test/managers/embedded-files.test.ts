import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { writingContainers, writtenFile } from '../../lib/managers/embedded-files.ts'
import type { SecretManager } from '../../lib/manager-kit/manager.ts'
import type { Json } from '../support/pods.ts'
import { podAsking, podServedBy } from './decided.ts'
import { podFacts, requestOf } from '../../lib/manager-testing/samples.ts'
import { fileDiscovery, plain, resolved } from './resolved.ts'

const fileMount = { image: 'busybox:1', resources: { limits: { cpu: '1' } }, containerName: 'init' }
const holding = (text: string): SecretManager => ({
  name: 'Embedded',
  resolve: (request, pod) => writtenFile(request, pod, new TextEncoder().encode(text)),
  pullContainers: (steps) => writingContainers(fileMount, steps),
})
const file = { mountRequirement: 'FILE' } as const
const planted = 'planted-secret-9c1e'
const encoded = Buffer.from(planted).toString('base64')
const variable = 'FILE_8ce4b16b22b58894aa86c421e8759df3'

describe('a file with a content known at admission', () => {
  it('is a step with the content, its two names and the variables of files', async () => {
    const paths = ['/etc/flyte/secrets/k', '/etc/flyte/secrets/K'] as const
    const { kind, wants }: Json = await resolved(holding(planted), { key: 'K', envVar: 'K_FILE', ...file })
    const name = wants[0].step.env[0].name
    expect(name).toMatch(/^FILE_[0-9a-f]{32}$/)
    const common = { root: '/etc/flyte/secrets', identity: wants[0].identity }
    expect({ kind, wants }).toEqual({
      kind: 'found',
      wants: [
        {
          kind: 'fetch',
          identity: common.identity,
          name: 'embedded-secret-vol',
          mountPath: '/etc/flyte/secrets',
          step: { env: [{ name, value: encoded }], args: [name, paths[0], name, paths[1]] },
        },
        { kind: 'file', path: paths[0], ...common },
        { kind: 'file', path: paths[1], ...common },
        ...fileDiscovery,
        plain('K_FILE', paths[0]),
      ],
    })
  })

  it('is not mine if its name is not a valid path', () => {
    expect(writtenFile(requestOf({ key: '..', ...file }), podFacts(), new Uint8Array())).toEqual({
      kind: 'not-mine',
      reason: 'the path of its file would have a segment "." or ".."',
    })
  })

  it('shows its content only in the patch', async () => {
    const said = writtenFile(requestOf({ key: 'k', ...file }), podFacts(), new TextEncoder().encode(planted))
    for (const text of [inspect(said, { depth: 9 }), JSON.stringify(said)]) {
      expect(text).toContain('[redacted]')
      expect(text).not.toContain(encoded)
      expect(text).not.toContain(planted)
    }
    const pod = await podServedBy(holding(planted), podAsking({ key: 'k', ...file }))
    expect(pod.spec.initContainers[0].env).toEqual([{ name: variable, value: encoded }])
  })

  it('denies a pod with a content over the limit of Linux, without showing it', async () => {
    const serving = podServedBy(holding('x'.repeat(100_000)), podAsking({ key: 'k', ...file }))
    await expect(serving).rejects.toThrow(
      `(variable ${variable} of init container init): its name and value exceed the 131072 bytes that Linux allows`,
    )
  })
})

describe('the writing init container', () => {
  it('is the only one of the pod, restricted, with each content once', async () => {
    const asking = podAsking({ key: 'k', ...file }, { key: 'Other', ...file }, { key: 'k', ...file })
    const { spec }: Json = await podServedBy(holding('v'), asking)
    expect(spec.initContainers).toEqual([
      {
        name: 'init',
        image: 'busybox:1',
        command: expect.arrayContaining(['sh', '/etc/flyte/secrets/k', '/etc/flyte/secrets/other']),
        env: [
          { name: variable, value: 'dg==' },
          { name: expect.stringMatching(/^FILE_/), value: 'dg==' },
        ],
        resources: { limits: { cpu: '1' } },
        terminationMessagePolicy: 'FallbackToLogsOnError',
        securityContext: expect.objectContaining({ runAsNonRoot: true, readOnlyRootFilesystem: true }),
        volumeMounts: [{ name: 'embedded-secret-vol', mountPath: '/etc/flyte/secrets' }],
      },
    ])
    expect(spec.volumes).toEqual([{ name: 'embedded-secret-vol', emptyDir: { medium: 'Memory' } }])
  })
})
