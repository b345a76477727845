// npm run docs: writes docs/cli.md, the reference of the command, from the definitions of its commands.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../project-root.ts'
import { createProgram } from './program.ts'
import { createReference } from './reference.ts'
import { createTerminal } from './terminal.ts'

const terminal = createTerminal(process.stdout, process.stderr)
const program = createProgram({ terminal, now: () => new Date(), environment: process.env })
await writeFile(join(projectRoot, 'docs', 'cli.md'), createReference(program))
