import { afterEach, describe, expect, it } from 'vitest'
import { createEmbeddedK8s } from '../../../lib/managers/embedded-k8s.ts'
import type { Json } from '../../support/pods.ts'
import { podAsking, podServedBy } from '../decided.ts'
import { PodFolder, shellsHere } from './pull-container.ts'

const embedded = createEmbeddedK8s({
  envVarPrefix: '_UNION_',
  namespace: 'flytesnacks-development',
  fileMount: { image: 'busybox', resources: {}, containerName: 'init-embedded-secret' },
})
const scopes = {
  project: 'u__org__flyte__domain__development__project__flytesnacks__key__',
  domain: 'u__org__flyte__domain__development__project____key__',
  organization: 'u__org__flyte__domain____project____key__',
}
const bytes = (text: string): Buffer => Buffer.from(text)
const everyByte = Buffer.from(Array.from({ length: 65_536 }, (_, index) => (index * 7) % 256))

let folder: PodFolder | undefined
afterEach(async () => {
  await folder?.remove()
  folder = undefined
})

describe.each(shellsHere)('the copying init container in $name', ({ name }) => {
  /** Runs the container with these Secrets: data key → content. */
  const copied = async (keys: readonly string[], data: Readonly<Record<string, Buffer>>) => {
    const asking = podAsking(...keys.map((key) => ({ key, mountRequirement: 'FILE' as const })))
    const pod = await podServedBy(embedded, asking)
    const at = (folder = await PodFolder.create())
    for (const volume of pod.spec.volumes) if (volume.secret !== undefined) await at.fillSecret(volume, data)
    const run = (options: object = {}) => at.run(pod, pod.spec.initContainers[0], { shell: name, ...options })
    return { at, run, ended: await run() }
  }
  const filesAfter = async ({ at, ended }: Awaited<ReturnType<typeof copied>>): Promise<Json> => {
    expect(ended).toEqual({ status: 0, stdout: '', stderr: '' })
    return at.files('embedded-secret-vol')
  }

  it.each([
    { there: ['project', 'domain', 'organization'], taken: 'project' },
    { there: ['domain', 'organization'], taken: 'domain' },
    { there: ['project', 'organization'], taken: 'project' },
    { there: ['organization'], taken: 'organization' },
  ] as const)('takes the value of the $taken if $there have one', async ({ there, taken }) => {
    const data = Object.fromEntries(there.map((scope) => [`${scopes[scope]}k`, bytes(scope)]))
    expect(await filesAfter(await copied(['k'], data))).toEqual({ k: bytes(taken) })
  })

  it('takes a narrower value even if it is empty', async () => {
    const data = { [`${scopes.project}k`]: bytes(''), [`${scopes.domain}k`]: bytes('domain') }
    expect(await filesAfter(await copied(['k'], data))).toEqual({ k: bytes('') })
  })

  it('copies every byte of all files of the pod, each from its own scope', async () => {
    const data = {
      [`${scopes.project}empty`]: bytes(''),
      [`${scopes.domain}binary`]: everyByte,
      [`${scopes.organization}line`]: bytes('grün 🔑 $(HOME) $$\n'),
    }
    expect(await filesAfter(await copied(['empty', 'binary', 'line'], data))).toEqual({
      empty: bytes(''),
      binary: everyByte,
      line: bytes('grün 🔑 $(HOME) $$\n'),
    })
  })

  it('makes files that every user can read, under the lower-case name and the written one', async () => {
    const run = await copied(['My-Key'], { [`${scopes.project}My-Key`]: bytes('v') })
    expect(await filesAfter(run)).toEqual({ 'my-key': bytes('v'), 'My-Key': bytes('v') })
    expect(await run.at.modeOf('embedded-secret-vol', 'my-key')).toBe(0o644)
  })

  it('fails, names each file that no scope has, and makes the others', async () => {
    const { at, ended } = await copied(['a', 'k', 'b'], { [`${scopes.project}k`]: bytes('v') })
    const why = 'no Secret of its project, domain or organization has it'
    const root = at.volume('embedded-secret-vol')
    expect(ended).toEqual({
      status: 1,
      stdout: '',
      stderr: `${root}/a: ${why}\n${root}/b: ${why}\n`,
    })
    expect(await at.files('embedded-secret-vol')).toEqual({ k: bytes('v') })
  })

  it('fails, names the file and leaves no part of it if the volume is full', async () => {
    const { at, run } = await copied(['k'], { [`${scopes.project}k`]: everyByte })
    const { status, stderr } = await run({ maxFileBytes: 4096 })
    expect(status).toBe(1)
    expect(stderr).toContain(`${at.volume('embedded-secret-vol')}/k: it could not be written\n`)
    expect(await at.files('embedded-secret-vol')).toEqual({})
  })

  it('can run again, as after a restart', async () => {
    const { at, run } = await copied(['k'], { [`${scopes.project}k`]: bytes('v') })
    expect(await run()).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(await at.files('embedded-secret-vol')).toEqual({ k: bytes('v') })
  })
})
