import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../support/pods.ts'
import { canRemount, PodFolder, shellsHere } from './pull-container.ts'

let at: PodFolder
beforeEach(async () => {
  at = await PodFolder.create()
})
afterEach(() => at.remove())

describe.each(shellsHere)('an init container that runs in $name', ({ name }) => {
  const ended = (script: string) => {
    const container = {
      command: ['sh', '-c', script],
      volumeMounts: [{ name: 'home', mountPath: '/mnt/home' }],
    }
    const pod: Json = { spec: { volumes: [{ name: 'home', emptyDir: {} }] } }
    return at.run(pod, container, { shell: name })
  }

  it('is not root', async () => {
    expect(await ended('[ -w /etc/shadow ]')).toMatchObject({ status: 1 })
  })

  it('can write to its volumes, and in its own mount namespace nowhere else', async () => {
    expect(await ended('echo a > /mnt/home/a')).toMatchObject({ status: 0 })
    expect(await at.files('home')).toEqual({ a: Buffer.from('a\n') })
    const elsewhere = await ended(
      'for d in / /tmp /var/tmp; do { echo a > "$d/$$$$"; } 2> /dev/null && rm "$d/$$$$" && exit 1; done; exit 0',
    )
    if (canRemount) expect(elsewhere).toMatchObject({ status: 0 })
  })

  it('gets `$$` as one `$`', async () => {
    expect(await ended('echo "$$HOME"')).toEqual({ status: 0, stdout: '/\n', stderr: '' })
  })
})
