// A part of npm run docs: writes the table and the picture of docs/managers.md, and what the previews of docs/managers print.
import { readFile, writeFile } from 'node:fs/promises'
import { builtIn } from '../../lib/managers/built-in.ts'
import { overviewFile, withOverview } from './manager-overview.ts'
import { readManagerPages, withPreviews } from './manager-pages.ts'

await writeFile(overviewFile, withOverview(await readFile(overviewFile, 'utf8'), builtIn))
for (const page of await readManagerPages()) await writeFile(page.file, await withPreviews(page))
