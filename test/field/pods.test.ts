import { describe, expect, it } from 'vitest'
import { patched } from '../support/patch.ts'
import type { Json } from '../support/pods.ts'
import { call, configFrom, reviewOf, webhookIn } from '../support/webhook.ts'
import { asking, fromField } from './field.ts'

const arn = { group: 'arn:aws:secretsmanager:us-east-2:111122223333:secret', key: 'db' }
const name = (annotation: string): string => `vault.hashicorp.com/${annotation}`

const embedded = {
  webhook: {
    embeddedSecretManagerConfig: { type: 'K8s', k8sConfig: { namespace: 'flytesnacks-development' } },
  },
}
const plain: Json = {
  metadata: {
    namespace: 'flytesnacks-development',
    labels: { organization: 'flyte', domain: 'development', project: 'flytesnacks' },
  },
  spec: { containers: [{ name: 'main', image: 'i' }] },
}

const answerTo = async (pod: Json, sections: object) => {
  const { webhook } = webhookIn({ config: configFrom(sections) })
  const { json } = await call(webhook, reviewOf(pod, { namespace: pod.metadata.namespace }))
  return { response: json.response, pod: patched(pod, json) }
}

describe('a pod with resources of its own', () => {
  it.each([
    { config: 'webhook.yaml', secret: arn },
    { config: 'webhook-gcp.yaml', secret: { group: 'db', group_version: '3', mount_requirement: 'FILE' } },
  ])('shares them with the init containers of $config', async ({ config, secret }) => {
    const sections = await fromField(`pod-level-resources/${config}`)
    const asked = asking(await fromField('pod-level-resources/pod.yaml'), secret)
    const { pod } = await answerTo(asked, { ...sections, function: { profile: 'flyte1' } })
    expect(pod.spec.initContainers).toHaveLength(1)
    expect(pod.spec.initContainers[0]).not.toHaveProperty('resources')
    expect(pod.spec.resources).toEqual(asked.spec.resources)
  })
})

describe('a pod for Windows', () => {
  it('is denied if the manager needs an init container, with the reason', async () => {
    const sections = await fromField('windows-pod/webhook.yaml')
    const { response } = await answerTo(asking(await fromField('windows-pod/pod.yaml'), arn), sections)
    expect(response.allowed).toBe(false)
    expect(response.status.message).toContain('AWS: it needs a Linux container, but the pod is for Windows')
  })

  it('gets its files from K8s', async () => {
    const pod = asking(await fromField('windows-pod/pod.yaml'), { group: 'db', key: 'k' })
    expect((await answerTo(pod, {})).response.allowed).toBe(true)
  })
})

describe("containers that only have the names of Vault's", () => {
  const named = (containers: readonly Json[]): Json => ({
    metadata: { namespace: 'flyte', labels: { organization: 'o', domain: 'd', project: 'p' } },
    spec: {
      initContainers: [{ name: 'vault-agent-init', image: 'own' }],
      containers: [{ name: 'main', image: 'own' }, ...containers],
    },
  })
  const file = { group: 'db', key: 'k', mount_requirement: 'FILE' }

  it.each([
    { sections: {}, secret: file },
    { sections: {}, secret: { ...file, mount_requirement: 'ENV_VAR' } },
    { sections: { webhook: { secretManagerType: 'AWS' } }, secret: { ...file, ...arn } },
    {
      sections: {
        webhook: { secretManagerType: 'AWS' },
        function: { aws: { fetcher: 'cli' }, envFiles: true },
      },
      secret: { ...arn, mount_requirement: 'ENV_VAR' },
    },
    { sections: { webhook: { secretManagerType: 'GCP' } }, secret: { ...file, group_version: '1' } },
    {
      sections: { webhook: { secretManagerType: 'Azure' } },
      secret: { ...file, group: 'https://v.vault.azure.net/secrets/db' },
    },
    { sections: { webhook: { secretManagerType: 'Vault' } }, secret: file },
    { sections: { webhook: { secretManagerType: 'CSI' } }, secret: file },
    { sections: { function: { profile: 'flyte2' } }, secret: file },
  ])(
    'are served like any other, now and on a second call: $sections $secret',
    async ({ sections, secret }) => {
      const asked = asking(named([{ name: 'vault-agent', image: 'own' }]), secret)
      const first = await answerTo(asked, sections)
      expect(first.response.allowed).toBe(true)
      const containers = [...first.pod.spec.initContainers, ...first.pod.spec.containers]
      for (const served of ['vault-agent-init', 'main', 'vault-agent']) {
        const { env } = containers.find((one) => one.name === served)
        expect(env.map((one: Json) => one.name)).toContainEqual(expect.stringMatching(/^FLYTE_SECRETS_/))
      }
      const second = await answerTo(first.pod, sections)
      expect(second.response).toMatchObject({ allowed: true })
      expect(second.response).not.toHaveProperty('patch')
    },
  )
})

describe('a pod with files of its own from Vault', () => {
  const secret = { group: 'secret/data/db', key: 'password' }
  it.each([
    { pod: 'pod.yaml', common: '/vault/secrets', warnings: [expect.stringContaining('secret-volume-path')] },
    { pod: 'pod-own-secret.yaml', common: undefined, warnings: undefined },
  ])('keeps them in place, and its variables name the place of its secret ($pod)', async (row) => {
    const sections = await fromField('vault-own-volume-path/webhook.yaml')
    const asked = asking(await fromField(`vault-own-volume-path/${row.pod}`), secret)
    const { response, pod } = await answerTo(asked, sections)
    const { annotations } = pod.metadata
    const [[key, file] = ['', '']] = Object.entries<string>(annotations).filter(([each]) =>
      each.startsWith(name('agent-inject-file-')),
    )
    const id = key.slice(name('agent-inject-file-').length)
    expect(file).toBe('secret/data/db/password')
    expect(annotations[name(`secret-volume-path-${id}`)]).toBe('/etc/flyte/secrets')
    expect(annotations[name('secret-volume-path')]).toBe(row.common)
    expect(annotations).toMatchObject(asked.metadata.annotations)
    expect(response.warnings).toEqual(row.warnings)
  })
})

describe('a word that is longer than Linux allows', () => {
  const functionOf = (profile: string, more = {}) => ({ function: { profile, ...more } })
  const using = (manager: string, more = {}) => ({
    webhook: { secretManagerType: manager },
    ...functionOf('flyte1', { envFiles: true, ...more }),
  })
  const cli = { aws: { fetcher: 'cli' } }
  const variable = { group: 'db', key: 'k', mount_requirement: 'ENV_VAR' }
  const azure = { ...variable, group: 'https://v.vault.azure.net/secrets/db' }
  const gcp = { ...variable, group_version: '1' }

  it.each([
    { what: 'GCP', sections: using('GCP'), secret: { ...gcp, group_version: '1'.repeat(70_000) } },
    { what: 'Azure', sections: using('Azure'), secret: { ...azure, group_version: '1'.repeat(131_072) } },
  ])('denies the pod if it is in a command of $what', async ({ sections, secret }) => {
    const { response } = await answerTo(asking(plain, secret), sections)
    expect(response.status.message).toMatch(/: one of its words exceeds the 131072 bytes that Linux allows$/)
  })

  it.each([
    { what: 'K8s', sections: {}, secret: variable },
    { what: 'Embedded', sections: { ...embedded, ...functionOf('flyte2') }, secret: variable },
    { what: 'AWS', sections: using('AWS', cli), secret: { ...variable, ...arn } },
    { what: 'GCP', sections: using('GCP'), secret: gcp },
    { what: 'Azure', sections: using('Azure'), secret: azure },
    { what: 'Vault', sections: using('Vault'), secret: { ...variable, group: 'secret/data/db' } },
  ])('denies the pod if it is the name of a variable from $what', async ({ sections, secret }) => {
    const answerFor = async (characters: number) =>
      (await answerTo(asking(plain, { ...secret, env_var: 'V'.repeat(characters) }), sections)).response
    // The `=` and the final NUL have to fit too.
    expect((await answerFor(131_070)).allowed).toBe(true)
    const { status } = await answerFor(131_071)
    expect(status.message).toMatch(/V…\): its name and value exceed the 131072 bytes that Linux allows$/)
  })
})
