import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Metafile } from 'esbuild'
import { z } from 'zod'
import { projectRoot } from '../project-root.ts'

/**
 * Returns the licences of all code in a bundle, including this project's: their terms require a copy with the code.
 * Packages with the same text share one copy. Throws if the text of a licence is unknown.
 */
export const licencesOf = async (metafiles: readonly Metafile[]): Promise<string> => {
  const own = await readLicence(resolve(projectRoot))
  const folders = new Set(metafiles.flatMap(packageFolders))
  folders.delete(resolve(projectRoot))
  const others = await Promise.all([...folders].map(readLicence))
  const all = [own, ...others.toSorted((left, right) => (left.name < right.name ? -1 : 1))]
  return [...Map.groupBy(all, ({ text }) => text)]
    .map(([text, packages]) => `${packages.map(({ name }) => name).join('\n')}\n\n${text}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`)
}

/** The absolute folders of packages with code in an output. Includes this project if it is installed as a package. */
const packageFolders = ({ outputs }: Metafile): readonly string[] =>
  Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(
      ([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(resolve(projectRoot, path))?.[0] ?? [],
    )

const packageJson = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().optional(),
  author: z.union([z.string(), z.object({ name: z.string() })]).optional(),
})

const readLicence = async (place: string): Promise<{ readonly name: string; readonly text: string }> => {
  const manifest = packageJson.parse(JSON.parse(await readFile(join(place, 'package.json'), 'utf8')))
  const files = (await readdir(place)).filter((file) => licenceFile.test(file)).toSorted()
  const texts = await Promise.all(files.map((file) => readFile(join(place, file), 'utf8')))
  return {
    name: `${manifest.name} ${manifest.version}`,
    text: texts.length > 0 ? texts.map((text) => text.trim()).join('\n\n') : await standardText(manifest),
  }
}

const licenceFile = /^(licen[cs]e|copying|notice)(\.(md|txt))?$/i

/** Returns the text of a licence that a package names but does not include. */
const standardText = async ({
  name,
  license = 'no licence',
  author,
}: z.output<typeof packageJson>): Promise<string> => {
  switch (license) {
    case 'Apache-2.0':
      // This project has the same licence.
      return (await readFile(join(projectRoot, 'LICENSE'), 'utf8')).trim()
    case 'MIT': {
      const holder = typeof author === 'string' ? author : author?.name
      return `MIT License\n\nCopyright (c) ${holder ?? `the authors of ${name}`}\n\n${mit}`
    }
    default:
      throw new Error(`${name} has ${license}, and no file with its text: it must not be in the bundle`)
  }
}

/** The terms of the MIT licence (SPDX: MIT). */
const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`
