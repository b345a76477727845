// A part of npm run docs: writes what the previews of docs/managers.md print.
import { readFile, writeFile } from 'node:fs/promises'
import { managersFile, withPreviews } from './managers-page.ts'

await writeFile(managersFile, await withPreviews(await readFile(managersFile, 'utf8')))
