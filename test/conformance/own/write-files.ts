import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { madeFiles } from './made-files.ts'

const files = await madeFiles()
for (const profile of ['flyte1', 'flyte2']) {
  await rm(join(import.meta.dirname, profile), { recursive: true, force: true })
  await mkdir(join(import.meta.dirname, profile))
}
for (const [path, text] of files) await writeFile(join(import.meta.dirname, path), text)
