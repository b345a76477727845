import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bundle, bundle } from '../../infra/build/bundle.ts'
import { BuildError } from '../../infra/build/in-memory.ts'
import { inputsByFolder } from '../../infra/build/inputs.ts'
import { builtInModules } from '../../lib/managers/built-in.ts'
import { messagesOfModule } from '../messages/catalogue/of-managers.ts'
import { callBundle } from '../support/call-bundle.ts'
import { configFrom, configOf, example } from '../support/webhook.ts'

const config = configOf('')
let folder: string
let built: Bundle

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'))
  built = await bundle({ config, outDir: join(folder, 'a') })
})
afterAll(() => rm(folder, { recursive: true }))

/** Returns the inputs that must not be in the bundle: everything except the project's own code and its digests. */
const leaks = ({ metafile }: Bundle): string[] =>
  [...inputsByFolder(metafile).keys()].filter(
    (source) => !/^(functions|lib(\/[a-z-]+)?|configuration|@noble\/hashes)$/.test(source),
  )

describe('the bundle', () => {
  it('holds only the project and its digests', () => {
    expect(leaks(built)).toEqual([])
    expect([...inputsByFolder(built.metafile).keys()]).toContain('lib/pod')
  })

  it('has code for Secrets Manager only if the configuration needs it', () => {
    expect(Object.keys(built.metafile.inputs)).not.toContain('lib/aws-values.ts')
    expect(Object.keys(built.metafile.inputs)).not.toContain('lib/stores/cache.ts')
  })

  const managersIn = ({ metafile }: Bundle): string[] =>
    Object.keys(metafile.inputs).filter((input) =>
      /^lib\/managers\/(k8s|aws|gcp|azure|vault(?!-injector\.ts)|embedded)/.test(input),
    )

  it.each([
    { types: ['K8s'], modules: ['k8s'] },
    { types: ['GCP'], modules: ['gcp'] },
    { types: ['Vault', 'K8s'], modules: ['k8s', 'vault'] },
    { types: ['Global'], modules: [] },
  ])('holds only the managers of its configuration: $types', async ({ types, modules }) => {
    const sections = { webhook: { secretManagerTypes: types }, function: { profile: 'flyte1' } }
    const made = await bundle({ config: configFrom(sections), outDir: join(folder, 'managers') })
    const own = managersIn(made).map((input) => /([a-z0-9]+)[a-z0-9-]*\.ts$/.exec(input)?.[1])
    expect(new Set(own)).toEqual(new Set(modules))
  })

  const pulls = 'lib/pod/pull-containers.ts'
  const rules = 'lib/managers/group-rules.ts'
  const limits = 'lib/managers/limited.ts'
  const allow = [{ groups: ['*'], namespaces: ['*'] }]

  it.each([
    { what: 'K8s', types: ['K8s'], own: {}, needed: [] },
    { what: 'Vault', types: ['Vault'], own: {}, needed: [] },
    { what: 'AWS', types: ['AWS'], own: {}, needed: [pulls] },
    { what: 'AWS by its CLI', types: ['AWS'], own: { aws: { fetcher: 'cli' } }, needed: [pulls] },
    { what: 'GCP', types: ['K8s', 'GCP'], own: {}, needed: [pulls] },
    { what: 'Azure', types: ['Azure'], own: {}, needed: [pulls] },
    { what: 'Embedded', types: ['Embedded'], own: {}, needed: [pulls] },
    { what: 'a rule', types: ['K8s'], own: { globalSecrets: { allow } }, needed: [rules] },
    { what: 'groups', types: ['K8s'], own: { managers: { K8s: { groups: ['db'] } } }, needed: [limits] },
  ])('holds the code that its configuration needs: $what', async ({ types, own, needed }) => {
    const sections = { webhook: { secretManagerTypes: types }, function: { profile: 'flyte1', ...own } }
    const { metafile } = await bundle({ config: configFrom(sections), outDir: join(folder, 'needed') })
    const code = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs))
    const isIn = (file: string) =>
      code.some(([name, { bytesInOutput }]) => name === file && bytesInOutput > 30)
    expect([pulls, rules, limits].filter(isIn)).toEqual(needed)
  })

  it('holds no keys of managers outside its configuration', async () => {
    expect(await readFile(built.file, 'utf8')).not.toMatch(/cliImage|SecretManager:|reinvocation/)
  })

  it.each(Object.entries(builtInModules))(
    'holds none of the explanations of its messages: %s',
    async (module, { name }) => {
      const sections = { webhook: { secretManagerTypes: [name] }, function: { profile: 'flyte1' } }
      const { file } = await bundle({ config: configFrom(sections), outDir: join(folder, 'explained') })
      const code = await readFile(file, 'utf8')
      const { reasons } = messagesOfModule(module)
      expect(reasons.filter(({ why }) => code.includes(why))).toEqual([])
    },
  )

  it('with only K8s has at most 48 KiB of the project', () => {
    const digests = inputsByFolder(built.metafile).get('@noble/hashes') ?? Number.NaN
    expect(built.bytes - digests).toBeLessThanOrEqual(48 * 1024)
  })

  it('is reported to leak if a function imports zod', async () => {
    const leaking = await bundle({
      config,
      outDir: join(folder, 'leak'),
      entry: 'test/build/planted/leaking-function.ts',
    })
    expect(leaks(leaking)).toEqual(['zod', 'test/build/planted'])
  })

  it('answers an AdmissionReview with the configuration built in', async () => {
    const review = await callBundle(built.file, await example('plain'))
    expect(review.response.patchType).toBe('JSONPatch')
  })

  it('is the same bytes for the same input', async () => {
    const again = await bundle({ config, outDir: join(folder, 'b') })
    expect(await readFile(again.file)).toEqual(await readFile(built.file))
  })

  it('differs with the configuration', async () => {
    const other = await bundle({
      config: configOf('webhook: {secretManagerType: Vault}'),
      outDir: join(folder, 'c'),
    })
    expect(await readFile(other.file)).not.toEqual(await readFile(built.file))
  })

  it('removes older builds from its folder', async () => {
    await writeFile(join(folder, 'a', 'old.cjs'), '')
    await bundle({ config, outDir: join(folder, 'a') })
    expect(await readdir(join(folder, 'a'))).toEqual(['LICENCES.txt', 'mutate.cjs', 'mutate.cjs.map'])
  })

  it('includes the licences of exactly its contents', async () => {
    const licences = await readFile(join(folder, 'a', 'LICENCES.txt'), 'utf8')
    const named = [...licences.matchAll(/^(\S+) \d+\.\d+\.\d+$/gm)].map(([, name]) => name)
    expect(named).toEqual(['flyte-webhook', '@noble/hashes'])
    expect(licences).toContain('Apache License')
    expect(licences).toContain('Copyright (c) 2022 Paul Miller')
  })

  it('names the file and line of invalid code, and keeps the older build', async () => {
    const entry = join(folder, 'broken.ts')
    await writeFile(entry, '\nconst handler = ;\n')
    const building = bundle({ config, outDir: join(folder, 'a'), entry })
    await expect(building).rejects.toThrow(BuildError)
    await expect(building).rejects.toThrow(/broken\.ts:2:16: ERROR: Unexpected ";"/)
    expect(await readdir(join(folder, 'a'))).toContain('mutate.cjs')
  })
})
