import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { fullConfig, variants } from './variants.ts'
import { Workspace } from './workspace.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const tomorrow = { NODE_OPTIONS: `--import=${join(projectRoot, 'test/stack/tomorrow.js')}` }

/** Packages in a separate folder with an existing playground, and returns the result. */
const packaged = async (
  parameters: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
) => {
  const workspace = await Workspace.create()
  try {
    await writeFile(join(workspace.folder, 'full.yaml'), fullConfig)
    const dist = join(workspace.folder, 'dist')
    await mkdir(join(dist, 'playground'), { recursive: true })
    await writeFile(join(dist, 'playground/index.html'), 'the playground')
    const { zip, portableFile, templateFile } = await workspace.package(parameters, { environment })
    const inDist = await readdir(dist, { recursive: true, withFileTypes: true })
    const files = inDist
      .filter((entry) => entry.isFile())
      .map((entry) => relative(dist, join(entry.parentPath, entry.name)))
      .toSorted()
    const digests = await Promise.all(files.map(async (file) => sha256(await readFile(join(dist, file)))))
    return {
      bytes: {
        files,
        digests,
        zip: sha256(await readFile(zip)),
        template: await readFile(portableFile, 'utf8'),
      },
      entries: entriesOf(await readFile(zip)),
      /** The date in the name that osls gives to its deployment. */
      day: /\d{4}-\d\d-\d\d(?=T)/.exec(await readFile(templateFile, 'utf8'))?.[0],
    }
  } finally {
    await workspace.remove()
  }
}

/**
 * Returns the names in a zip's central directory. Each entry has a signature, 42 bytes of which two are the length of the
 * name, and the name.
 */
const entriesOf = (zip: Buffer): readonly string[] => {
  const names: string[] = []
  const signature = Buffer.from('PK\u0001\u0002')
  for (let at = zip.indexOf(signature); at >= 0; at = zip.indexOf(signature, at + 46))
    names.push(zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28)))
  return names.toSorted()
}

const code = [
  { what: 'a function that reads nothing from AWS', parameters: {}, files: ['LICENCES.txt', 'mutate.cjs'] },
  {
    what: 'a function that reads Secrets Manager',
    parameters: variants.full,
    files: ['LICENCES.txt', 'aws-sdk.cjs', 'mutate.cjs', 'mutate.mjs'],
  },
]

it.each(code)(
  'code and template of $what are identical in two folders and on two days',
  async ({ parameters, files }) => {
    const [one, other] = await Promise.all([packaged(parameters), packaged(parameters, tomorrow)])
    expect(other.day).not.toBe(one.day)
    expect(other.bytes).toEqual(one.bytes)
    expect(one.entries).toEqual(files.map((file) => `dist/${file}`))
    const built = one.bytes.files
    expect(built.filter((file) => !file.endsWith('.map'))).toEqual([...files, 'playground/index.html'])
    expect(built).toContain('mutate.cjs.map')
  },
)
