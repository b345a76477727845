import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { defineManager } from '../../lib/manager-kit/definition.ts'
import { pullKeys } from '../../lib/manager-kit/pull-keys.ts'
import type { PullContainer } from '../../lib/manager-kit/wants.ts'
import { initContainersOf, managerOf } from '../../lib/manager-testing/made.ts'
import { play } from '../../lib/manager-testing/play.ts'
import { hostileRequests, requestOf, requestShapes } from '../../lib/manager-testing/samples.ts'
import { shellsHere } from '../../lib/manager-testing/sandbox.ts'
import { gcp } from '../../lib/managers/gcp.ts'

const containerOf = (script: string, more: Partial<PullContainer> = {}): PullContainer => ({
  name: 'made',
  image: 'i',
  resources: {},
  command: ['sh', '-ec', script],
  volumeMounts: [
    { name: 'v', mountPath: '/mnt/v' },
    { name: 'w', mountPath: '/mnt/v/w' },
  ],
  ...more,
})

describe.each(shellsHere)('an init container played in $name', (shell) => {
  it('writes to its volumes, with a replacement for its program', async () => {
    const played = await play(
      containerOf('held a > /mnt/v/a; mkdir /mnt/v/w/b; held b > /mnt/v/w/b/c; held x'),
      {
        shell,
        programs: { held: 'printf "%s of %s" "$1" "$PLACE"' },
        environment: { PLACE: 'here' },
      },
    )
    expect(played).toEqual({
      status: 0,
      stdout: 'x of here',
      stderr: '',
      files: { '/mnt/v/a': 'a of here', '/mnt/v/w/b/c': 'b of here' },
    })
  })

  it('has only a few tools of this machine', async () => {
    expect(await play(containerOf('command -v env; node'), { shell })).toMatchObject({ status: 127 })
  })
})

describe('a played init container', () => {
  it('gets an expanded command, unchanged variables, and keys of Secrets as variables and files', async () => {
    const container = containerOf(
      'echo "$(TOKEN) $$TOKEN $PLAIN $$(TOKEN)" > /mnt/v/a; cat /mnt/p/k > /mnt/v/k',
      {
        env: [
          { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'db', key: 'token' } } },
          { name: 'PLAIN', value: '$(TOKEN)' },
        ],
        privateVolumes: [
          { kind: 'secret', name: 'p', secretName: 'db', items: [{ key: 'token', path: 'k' }] },
        ],
        volumeMounts: [
          { name: 'v', mountPath: '/mnt/v' },
          { name: 'p', mountPath: '/mnt/p' },
        ],
      },
    )
    const secrets = { db: { token: 's3' } }
    const played = await play(container, { secrets, programs: { TOKEN: 'echo ran' } })
    expect(played.files).toMatchObject({ '/mnt/v/a': 's3 s3 $(TOKEN) ran\n', '/mnt/v/k': 's3' })
    await expect(play(container)).rejects.toThrow('no key token in a Secret db')
  })

  it('ends with the status of its command, and leaves nothing behind', async () => {
    const before = await readdir(tmpdir())
    expect(await play(containerOf('echo no >&2; exit 3'))).toMatchObject({ status: 3, stderr: 'no\n' })
    const left = (await readdir(tmpdir())).filter((name) => !before.includes(name))
    expect(left.filter((name) => name.startsWith('flyte-webhook-'))).toEqual([])
  })

  it('needs a container, and a command', async () => {
    await expect(play(undefined)).rejects.toThrow('there is no init container to run')
    const { command: _, ...without } = containerOf('')
    await expect(play(without)).rejects.toThrow('made has no command')
  })
})

describe('a manager of a definition', () => {
  const made = defineManager({
    name: 'Made',
    summary: 'made for this test',
    makes: 'files',
    reader: 'container',
    keys: { ...pullKeys('image:v1'), place: { kind: 'optionalText', help: 'Where.' } },
    create: (options, host) => ({
      name: 'Made',
      resolve: () => ({ kind: 'not-mine', reason: JSON.stringify({ options, host }) }),
    }),
  })

  it.each([
    { configured: {}, place: undefined, profile: 'flyte1' },
    {
      configured: { options: { place: 'there' }, host: { profile: 'flyte2' } } as const,
      place: 'there',
      profile: 'flyte2',
    },
  ])('has the defaults of its keys in addition to $configured', ({ configured, place, profile }) => {
    const said = managerOf(made, configured).resolve(requestOf(), {} as never)
    expect(said.kind === 'not-mine' && JSON.parse(said.reason)).toEqual({
      options: {
        sidecarImage: 'image:v1',
        resources: expect.objectContaining({ limits: { cpu: '200m', memory: '500Mi' } }),
        ...(place === undefined ? {} : { place }),
      },
      host: { envVarPrefix: '_FSEC_', profile },
    })
  })

  it('makes init containers for several requests', () => {
    const request = requestOf({ group: 'g', groupVersion: '1', mountRequirement: 'FILE' })
    const containers = initContainersOf(managerOf(gcp), [request, { ...request, group: 'h' }])
    expect(containers.map(({ name }) => name)).toEqual(['gcp-pull-secret-0', 'gcp-pull-secret-1'])
    expect(() => initContainersOf(managerOf(gcp), requestOf())).toThrow('GCP: it needs a group and a')
    expect(() => initContainersOf(managerOf(made), request)).toThrow('Made: ')
  })
})

describe('the requests for a manager’s checks', () => {
  it('have every form', () => {
    const shapes = requestShapes({ group: 'mine' })
    expect(new Set(shapes.map((shape) => JSON.stringify(shape))).size).toBe(48)
    expect(new Set(shapes.map(({ group }) => group))).toEqual(new Set(['', 'mine']))
  })

  it('append hostile texts to the manager’s own', () => {
    const groups = hostileRequests({ group: 'mine' }).map(({ group }) => group)
    expect(groups).toContain("mine'; flyte-canary; '")
    expect(groups).toContain('--help')
  })
})
