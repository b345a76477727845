import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { parseConfigFile } from '../../infra/config/config-file.ts'
import { parseConfig } from '../../lib/webhook-yaml.ts'

const folder = join(projectRoot, 'examples')
/** All examples except the pod, which the previews of docs/managers use. */
const examples = (await readdir(folder)).filter((name) => name.endsWith('.yaml') && name !== 'task.yaml')

/** Notices that appear even if an example is used correctly. */
const expected: Readonly<Record<string, readonly unknown[]>> = {
  'env-files.yaml': [expect.stringMatching(/^function\.envFiles needs Kubernetes 1\.35 or later/)],
}

describe('examples', () => {
  it('contain a configuration for each way to get a value', () => {
    expect(examples.toSorted()).toEqual([
      'aws-cli.yaml',
      'embedded-aws.yaml',
      'embedded-k8s.yaml',
      'env-files.yaml',
      'global-secrets.yaml',
    ])
  })

  it.each(examples)('%s is valid', async (name) => {
    const parsed = parseConfig(await readFile(join(folder, name), 'utf8'))
    expect(parsed).toMatchObject({ kind: 'config' })
    const notices = parsed.notices.map(({ path, message }) => `${path} ${message}`)
    expect(notices).toEqual(expected[name] ?? [])
  })

  it('managers/webhook.yaml is valid and adds managers', async () => {
    const { parsed } = await parseConfigFile(join(folder, 'managers', 'webhook.yaml'))
    expect(parsed).toMatchObject({ kind: 'config', notices: [] })
  })
})
