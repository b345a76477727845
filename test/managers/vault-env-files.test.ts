import { isUtf8 } from 'node:buffer'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { applyPatch } from 'rfc6902'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createVault } from '../../lib/managers/vault.ts'
import type { SecretRequest } from '../../lib/request/secret-request.ts'
import { hasGo } from '../consumers/go.ts'
import { JsonLines } from '../consumers/json-lines.ts'
import { KubeletEnv } from '../consumers/kubelet-env.ts'
import { buildVaultAgent } from '../consumers/vault-agent.ts'
import type { Json } from '../support/pods.ts'
import { vault } from './consumers/vault.ts'
import { podAsking, podServedBy } from './decided.ts'
import {
  envFileOfPod,
  longValues,
  madeValues,
  type Outcome,
  refusalOf,
  shortValues,
  wrongOutcomes,
} from './env-values.ts'
import { host } from '../../lib/manager-testing/samples.ts'

const manager = createVault({ role: 'flyte', kvVersion: '2', annotations: {} }, host)

let kubelet: KubeletEnv
let agent: JsonLines
let agentFile: string
let folder: string
beforeAll(async () => {
  if (!hasGo) return
  ;[kubelet, agentFile, folder] = await Promise.all([
    KubeletEnv.build(),
    buildVaultAgent(),
    mkdtemp(join(tmpdir(), 'vault-env-')),
  ])
  agent = JsonLines.start(agentFile, [])
}, 600_000)
afterAll(async () => {
  if (!hasGo) return
  await agent.stop()
  await Promise.all([
    kubelet.remove(),
    ...[dirname(agentFile), folder].map((each) => rm(each, { recursive: true })),
  ])
})

const secretOf = ({ group, key }: Partial<SecretRequest>): string => `${group}/${key}`

/** The API server mounts this into every container; the agent logs in with it. */
const serviceAccount = {
  name: 'kube-api-access-x',
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
  readOnly: true,
}

interface Rendered {
  readonly path?: string
  readonly content?: Buffer
  readonly error?: string
}

/** A pod that asks Vault for one secret, after the injector has added the agent. */
class Injected {
  readonly #pod: Json
  readonly #config: Json

  private constructor(pod: Json, config: Json) {
    this.#pod = pod
    this.#config = config
  }

  static async asking(asked: Partial<SecretRequest>): Promise<Injected> {
    const submitted = podAsking({ mountRequirement: 'ENV_VAR', ...asked })
    submitted.spec.containers[0].volumeMounts = [serviceAccount]
    const pod = await podServedBy(manager, submitted)
    const { patch, error } = await agent.ask({ inject: pod })
    if (error !== undefined) throw new Error(error)
    for (const failed of applyPatch(pod, patch)) if (failed !== null) throw failed
    const [{ env }] = pod.spec.initContainers.filter(({ name }: Json) => name === 'vault-agent-init')
    const { value } = env.find(({ name }: Json) => name === 'VAULT_CONFIG')
    return new Injected(pod, JSON.parse(Buffer.from(value, 'base64').toString()))
  }

  get maxBytes(): number {
    return envFileOfPod(this.#pod).maxBytes
  }

  /** The path where the agent writes the kubelet's file. */
  get path(): string {
    const { volume, path } = envFileOfPod(this.#pod)
    const { volumeMounts } = this.#pod.spec.initContainers.find(
      ({ name }: Json) => name === 'vault-agent-init',
    )
    return join(volumeMounts.find(({ name }: Json) => name === volume).mountPath, path)
  }

  /** Returns the agent's only file while Vault holds these secrets, or its error. */
  async rendered(secrets: Json): Promise<Rendered> {
    const { files, error } = await agent.ask({ render: this.#config, secrets })
    if (error !== undefined) return { error }
    const [[path, content] = ['', ''], ...more] = Object.entries<string>(files)
    if (more.length > 0) throw new Error('more than one file')
    return { path, content: Buffer.from(content, 'base64') }
  }
}

const oddKey = 'a "key" \\ {{ $(X)'
const engines = [
  { engine: 'KV 2', key: 'token', asked: { group: 'secret/data/app' } },
  { engine: 'KV 2', key: oddKey, asked: { group: 'secret/data/app', groupVersion: 'kv2' } },
  { engine: 'KV 1', key: 'token', asked: { group: 'kv/app', groupVersion: 'kv1' } },
  { engine: 'KV 1', key: oddKey, asked: { group: 'kv/app', groupVersion: 'kv1' } },
].map(({ engine, key, asked }) => ({ engine, key, asked: { ...asked, key, envVar: 'TOKEN' } }))

/** Returns Vault's answer for a secret with this data. */
const holding = ({ group }: { readonly group: string }, data: Json): Json => ({
  [group]: group === 'kv/app' ? data : { data, metadata: { version: 1 } },
})

describe.skipIf(!hasGo)('an env file that Vault’s agent wrote', () => {
  describe.each(engines)('of $engine, by the key $key', ({ key, asked }) => {
    const secret = secretOf(asked)
    const endOf = async (data: Json): Promise<string | undefined> => {
      const injected = await Injected.asking(asked)
      return (await injected.rendered(holding(asked, data))).error
    }

    it('gives the kubelet the exact value, or is refused if the value breaks a rule', async () => {
      const injected = await Injected.asking(asked)
      const { maxBytes } = injected
      const values = [
        ...[...shortValues, ...longValues(maxBytes), ...madeValues(900)].filter((value) => isUtf8(value)),
        ...Object.values<string>(vault['kv/app']).map((text) => Buffer.from(text)),
      ]
      expect(values.length).toBeGreaterThan(1000)
      const files: string[] = []
      const refusals = new Map<Buffer, string>()
      const beginnings = new Set<string>()
      for (const [index, value] of values.entries()) {
        const held = holding(asked, { [key]: value.toString(), other: 'another value' })
        const { path, content, error = '' } = await injected.rendered(held)
        if (content === undefined) {
          // The agent redacts the values of a KV 1 secret, even if they occur in its own words or are empty.
          const whole = error.replaceAll('[redacted]', value.toString())
          const [beginning = '', said = ''] = whole.split(/(?<=error calling sprig_fail: )/)
          beginnings.add(beginning)
          refusals.set(value, said)
          continue
        }
        expect(path).toBe(injected.path)
        const file = join(folder, `${index}`)
        await writeFile(file, content)
        files.push(file)
      }
      const read = kubelet.read(files).values()
      const outcomes = values.map((value): Outcome => {
        const said = refusals.get(value)
        if (said !== undefined) return { value, said }
        const variable = read.next().value
        return variable === undefined || 'error' in variable
          ? { value, said: variable?.error ?? '' }
          : { value, variable: variable.value }
      })
      expect(wrongOutcomes(outcomes, { secret, maxBytes })).toEqual([])
      // The beginning names the position in the template, and nothing of the value.
      expect([...beginnings]).toHaveLength(1)
    })

    it('fails if the key is null or missing, or the secret is missing', async () => {
      const refusal = refusalOf(secret, 'it has no value under its key')
      expect(await endOf({ [key]: null })).toContain(refusal)
      expect(await endOf({ other: 'hunter2' })).toContain(refusal)
      expect(await endOf({ other: 'hunter2' })).not.toContain('hunter2')
      const injected = await Injected.asking(asked)
      expect(await injected.rendered({})).toEqual({ error: expect.stringContaining('Vault has no ') })
    })

    it.each([
      { value: 5_432_000_000 },
      { value: 0.1 },
      { value: 1e21 },
      { value: true },
      { value: false },
      { value: 0 },
      { value: { a: 1, b: [null, 'c'] } },
      { value: '<nil>' },
      { value: '<no value>' },
    ])('has the same value as a file: $value', async ({ value }) => {
      const held = holding(asked, { [key]: value })
      const file = await (await Injected.asking({ ...asked, mountRequirement: 'FILE' })).rendered(held)
      const variable = await (await Injected.asking(asked)).rendered(held)
      expect(variable.content?.toString()).toBe(`V='${file.content?.toString()}'\n`)
      if (typeof value !== 'object') expect(file.content?.toString()).toBe(`${value}`)
    })
  })

  it('names a secret exactly, even with special characters', async () => {
    const key = `%s "$(HOME)" {{ . }} \\n`
    const asked = { group: `secret/data/it's {{ "id" }}`, key }
    const injected = await Injected.asking(asked)
    const { error } = await injected.rendered(holding(asked, { [key]: '' }))
    const said = error?.replace(/^.*error calling sprig_fail: /, '')
    expect(said).toBe(refusalOf(secretOf(asked), 'it is empty'))
  })
})
