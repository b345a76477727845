import { mkdir, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { builtIn } from '../../lib/managers/built-in.ts'
import { CommandFailure, wrongUsage } from '../failure.ts'
import { type ManagerName, managerText, testText } from './manager-text.ts'

/** Limits the length, so that Kubernetes accepts the names of init containers and volumes. */
const namePattern = /^[A-Z][A-Za-z0-9]{0,29}$/

/** Checks the name of a new manager: it must be valid, and no manager of this project may have it. */
export const managerNameOf = (name: string): ManagerName => {
  if (!namePattern.test(name))
    throw wrongUsage(
      `${JSON.stringify(name)} cannot be the name of a manager: 1 to 30 letters and digits, the first a capital, such as MyStore`,
    )
  if (builtIn.some((manager) => manager.name.toLowerCase() === name.toLowerCase()))
    throw wrongUsage(`this project has a manager ${name}; give yours another name`)
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
  return { name, file: words.toLowerCase() }
}

/** Writes a manager and its test into the folder `managers`, and returns their paths. Never replaces a file. */
export const writeNewManager = async (name: ManagerName, folder: string): Promise<readonly string[]> => {
  const files = [
    { path: join('managers', `${name.file}.ts`), text: managerText(name) },
    { path: join('managers', `${name.file}.test.ts`), text: testText(name) },
  ]
  const there = files.find(({ path }) => existsSync(join(folder, path)))
  if (there !== undefined) throw new CommandFailure(`${there.path} already exists: give another name`)
  await mkdir(join(folder, 'managers'), { recursive: true })
  for (const { path, text } of files) await writeFile(join(folder, path), text, { flag: 'wx' })
  return files.map(({ path }) => path)
}
