import { afterEach, describe, expect, it } from 'vitest'
import { writingContainers, writtenFile } from '../../../lib/managers/embedded-files.ts'
import type { SecretManager } from '../../../lib/manager-kit/manager.ts'
import { podAsking, podServedBy } from '../decided.ts'
import { PodFolder, shellsHere } from './pull-container.ts'

const fileMount = { image: 'busybox', resources: {}, containerName: 'init-embedded-secret' }

/** Creates a manager that holds these bytes: key → content. */
const holding = (data: Readonly<Record<string, Uint8Array>>): SecretManager => ({
  name: 'Embedded',
  resolve: (request, pod) => writtenFile(request, pod, data[request.key] ?? new Uint8Array()),
  pullContainers: (steps) => writingContainers(fileMount, steps),
})
const everyByte = Buffer.from(Array.from({ length: 65_536 }, (_, index) => (index * 7) % 256))

let folder: PodFolder | undefined
afterEach(async () => {
  await folder?.remove()
  folder = undefined
})

describe.each(shellsHere)('the writing init container in $name', ({ name }) => {
  const written = async (data: Readonly<Record<string, Uint8Array>>) => {
    const asking = podAsking(...Object.keys(data).map((key) => ({ key, mountRequirement: 'FILE' as const })))
    const pod = await podServedBy(holding(data), asking)
    const at = (folder = await PodFolder.create())
    const run = (options: object = {}) => at.run(pod, pod.spec.initContainers[0], { shell: name, ...options })
    return { at, pod, run }
  }

  it.each([
    { what: 'no bytes', content: Buffer.from('') },
    { what: 'one byte', content: Buffer.from([0]) },
    { what: 'binary content', content: Buffer.from([0xff, 0, 0xfe, 0x0a, 0x0d, 0x24]) },
    { what: '64 KiB', content: everyByte },
    { what: 'text with a line end', content: Buffer.from('grün 🔑 $(HOME) $$\n') },
  ])('writes $what unchanged', async ({ content }) => {
    const { at, run } = await written({ k: content })
    expect(await run()).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(await at.files('embedded-secret-vol')).toEqual({ k: content })
  })

  it('writes all files of the pod, readable by every user', async () => {
    const data = { a: Buffer.from('a'), 'dir/b': Buffer.from('b'), 'My-Key': Buffer.from('c') }
    const { at, run } = await written(data)
    await run()
    expect(await run()).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(await at.files('embedded-secret-vol')).toEqual({ ...data, 'my-key': data['My-Key'] })
    expect(await at.modeOf('embedded-secret-vol', 'dir/b')).toBe(0o644)
    expect(await at.modeOf('embedded-secret-vol', 'dir')).toBe(0o755)
  })

  it('writes as many bytes as fit into a patch', async () => {
    const data = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, everyByte]))
    const { at, run } = await written(data)
    expect(await run()).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(await at.files('embedded-secret-vol')).toEqual(data)
  })

  it('fails, names the file and leaves no part of it if the volume is full', async () => {
    const { at, run } = await written({ k: everyByte })
    const { status, stderr } = await run({ maxFileBytes: 4096 })
    expect(status).toBe(1)
    expect(stderr).toContain(`${at.volume('embedded-secret-vol')}/k: it could not be written\n`)
    expect(await at.files('embedded-secret-vol')).toEqual({})
  })

  it('fails, names the file and leaves no part of it if the content is damaged', async () => {
    const { at, pod, run } = await written({ k: Buffer.from('content') })
    pod.spec.initContainers[0].env[0].value = 'Y29udG=VudA!'
    const { status, stderr } = await run()
    expect(status).toBe(1)
    expect(stderr).toContain(`${at.volume('embedded-secret-vol')}/k: it could not be written\n`)
    expect(await at.files('embedded-secret-vol')).toEqual({})
  })
})
