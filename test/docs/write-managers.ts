// A part of npm run docs: writes the table and the picture of docs/managers.md, and the output of the previews in docs/managers.
import { readFile, writeFile } from 'node:fs/promises'
import { builtIn } from '../../lib/managers/built-in.ts'
import { overviewFile, withOverview } from './manager-overview.ts'
import { readManagerPages, withPreviews } from './manager-pages.ts'

await writeFile(overviewFile, withOverview(await readFile(overviewFile, 'utf8'), builtIn))
for (const page of await readManagerPages()) await writeFile(page.file, await withPreviews(page))
