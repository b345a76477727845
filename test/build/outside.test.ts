import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from '../../infra/build/bundle.ts'
import { inputsByFolder } from '../../infra/build/inputs.ts'
import { type LoadedConfig, readConfigFile } from '../../infra/config/config-file.ts'
import { trialQuestionOf, trialVariable } from '../../infra/doctor/trial-question.ts'
import { callOrderCheck } from '../../infra/doctor/checks/call-order.ts'
import { known } from '../../infra/doctor/fact.ts'
import { healthy } from '../doctor/healthy.ts'
import { folderWith, type OutsideFolder, shelf, shelfConfig } from '../managers/outside-folder.ts'
import { Workspace } from '../stack/workspace.ts'
import { callBundle } from '../support/call-bundle.ts'
import { flyteWebhook } from '../support/command.ts'
import { operationsOf, patched } from '../support/patch.ts'
import type { Json } from '../support/pods.ts'
import { call, configFrom, podAsking, reviewOf, sha256Hex, webhookIn } from '../support/webhook.ts'

const files = {
  'webhook.yaml': shelfConfig('./managers/shelf.ts', '      shelf: top\n'),
  'managers/shelf.ts': shelf,
}
const pod: Json = podAsking({ group: 'db', key: 'password', mount_requirement: 'FILE' })

const quiet = (): void => undefined

let outside: OutsideFolder
let loaded: LoadedConfig
let out: string
beforeAll(async () => {
  outside = await folderWith(files)
  loaded = await readConfigFile(outside.config, quiet)
  out = await mkdtemp(join(tmpdir(), 'outside-built-'))
})
afterAll(() => Promise.all([outside.remove(), rm(out, { recursive: true })]))

/** Returns a built bundle's answer to the pod, as the API server gets it. */
const answerOf = (file: string): Promise<Json> => callBundle(file, reviewOf(pod))

/** Returns the init container that `Shelf` adds to a pod. */
const containerIn = (review: Json): Json => patched(pod, review).spec.initContainers[0]

describe('the digest of a configuration with a manager from outside', () => {
  /** Returns the digest that `config check` prints. */
  const digestIn = async ({ config }: OutsideFolder): Promise<string | undefined> => {
    const { status, stdout } = await flyteWebhook(['config', 'check', config])
    expect(status).toBe(0)
    return /valid; profile flyte1, managers Global, Shelf, digest ([0-9a-f]{16})\n$/.exec(stdout)?.[1]
  }
  const digestOf = async (changed: Readonly<Record<string, string>>): Promise<string | undefined> => {
    const folder = await folderWith({ ...files, ...changed })
    try {
      return await digestIn(folder)
    } finally {
      await folder.remove()
    }
  }

  it('does not change with the folder or a comment', async () => {
    const moved = join(out, 'moved', 'elsewhere')
    await cp(outside.folder, moved, { recursive: true })
    const digest = await digestIn(outside)
    expect(await digestIn({ ...outside, config: join(moved, 'webhook.yaml') })).toBe(digest)
    expect(await digestOf({ 'managers/shelf.ts': `// of ours\n${shelf}` })).toBe(digest)
    expect(digest).toBe(loaded.config.digest)
  })

  it('does not change with a tsconfig.json above it, which would change TypeScript’s output', async () => {
    const fields = { 'managers/shelf.ts': `${shelf}export class Shelves { count?: number }\n` }
    const tsconfig = { 'tsconfig.json': '{"compilerOptions": {"useDefineForClassFields": false}}' }
    expect(await digestOf({ ...fields, ...tsconfig })).toBe(await digestOf(fields))
  })

  it('changes with one byte of its code, or of a file that it imports', async () => {
    const changed = shelf.replace('registry.example/shelf:1', 'registry.example/shelf:2')
    const importing = `${shelf}export { word } from './word.ts'\n`
    const digests = await Promise.all([
      digestOf({}),
      digestOf({ 'managers/shelf.ts': changed }),
      digestOf({ 'managers/shelf.ts': importing, 'managers/word.ts': `export const word = 'a'` }),
      digestOf({ 'managers/shelf.ts': importing, 'managers/word.ts': `export const word = 'b'` }),
    ])
    expect(new Set(digests).size).toBe(4)
  })
})

describe('a bundle with a manager from outside', () => {
  it('holds exactly the checked code, even if the file has changed since', async () => {
    const changing = await folderWith(files)
    const checked = await readConfigFile(changing.config, quiet)
    await changing.write('managers/shelf.ts', 'process.exit(1)')
    const { file, metafile } = await bundle({ ...checked, outDir: join(out, 'checked') })
    await changing.remove()
    expect(containerIn(await answerOf(file)).command.at(-2)).toBe('top/db/password')
    expect(Object.keys(metafile.inputs).filter((input) => input.includes('shelf'))).toEqual([])
    const [origin] = checked.definitions.flatMap((one) => one.origin ?? [])
    expect(checked.config.function.managers?.['Shelf']).toMatchObject({
      sha256: sha256Hex(origin?.code ?? ''),
    })
  })

  it('is only slightly larger', async () => {
    const { file, bytes, metafile } = await bundle({ ...loaded, outDir: join(out, 'with') })
    const sections = { webhook: { secretManagerTypes: ['Azure'] }, function: { profile: 'flyte1' } }
    const without = await bundle({ config: configFrom(sections), outDir: join(out, 'without') })
    const sizes = inputsByFolder(metafile)
    console.log(
      `with Shelf ${bytes} bytes (${gzipSync(await readFile(file)).length} with gzip), of which its own ${sizes.get('outside:Shelf')}; with Azure ${without.bytes} (${without.gzipBytes})`,
    )
    expect(sizes.get('outside:Shelf')).toBeLessThan(2048)
    // Azure fetches too, with a longer script.
    expect(bytes - without.bytes).toBeLessThan(4096)
    expect(
      [...sizes.keys()].filter(
        (source) => !/^(functions|lib(\/[a-z-]+)?|configuration|@noble\/hashes|outside:Shelf)$/.test(source),
      ),
    ).toEqual([])
  })

  it('gives the same answer as `review`', async () => {
    const review = join(out, 'review.json')
    await writeFile(review, reviewOf(pod))
    const ran = await flyteWebhook(['review', '--config', outside.config, review])
    expect(ran.status).toBe(0)
    const reviewed: Json = JSON.parse(ran.stdout)
    const { file } = await bundle({ ...loaded, outDir: join(out, 'same') })
    const answer = await answerOf(file)
    expect(answer).toEqual(reviewed)
    expect(operationsOf(answer)).not.toEqual([])
    expect(containerIn(answer)).toMatchObject({
      name: 'shelf-pull-secret-0',
      image: 'registry.example/shelf:1',
      command: ['sh', '-ec', expect.any(String), 'sh', 'top/db/password', '/shelf/db/password'],
    })
  })

  it('is packaged with the manager', { timeout: 60_000 }, async () => {
    const workspace = await Workspace.create()
    try {
      await workspace.package({ config: outside.config })
      expect(containerIn(await answerOf(join(workspace.folder, 'dist/mutate.cjs'))).name).toBe(
        'shelf-pull-secret-0',
      )
    } finally {
      await workspace.remove()
    }
  })
})

describe('a doctor with a manager from outside', () => {
  it('tries a pod that the manager can serve', async () => {
    const { pod: tried = {}, expects } = trialQuestionOf(loaded, 'default') ?? {}
    expect(expects).toBe('secret')
    const { webhook } = webhookIn(loaded)
    const { json } = await call(webhook, reviewOf(tried))
    const { env } = patched(tried, json).spec.containers[0]
    expect(env).toContainEqual({
      name: trialVariable,
      value: expect.stringMatching(/^\/etc\/flyte\/secrets\//),
    })
  })

  it('finds a webhook before this one that needs to see its containers', () => {
    const name = 'a-shelf-login'
    const earlier: Json = {
      metadata: { name },
      webhooks: [
        {
          name: `${name}.example.org`,
          clientConfig: { url: 'https://h.example' },
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        },
      ],
    }
    const facts = { ...healthy(), ...loaded, configurations: known([earlier as never]) }
    expect(callOrderCheck.look(facts)).toMatchObject([
      { level: 'problem', message: expect.stringContaining('the init containers get no login') },
    ])
    expect(
      callOrderCheck.look({ ...facts, ...healthy(), configurations: facts.configurations }),
    ).toMatchObject([{ level: 'ok' }])
  })
})
