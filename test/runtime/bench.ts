// npm run bench:runtime: measures the start and memory of the packaged function on Lambda's runtime interface, prints the
// figures and writes them to docs/reliability.md.
import { writeSection } from '../support/marked-section.ts'
import { figuresSection, figuresText, measure } from './figures.ts'
import { areProgramsInstalled } from './programs.ts'
import { reliabilityFile } from './rows.ts'

if (areProgramsInstalled) {
  const text = figuresText(await measure(), new Date())
  console.log(text)
  await writeSection(reliabilityFile, figuresSection, text)
}
