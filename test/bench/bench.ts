// npm run bench -- [COMMIT]: measures the webhook's speed and writes the figures to test/bench/figures.json and
// docs/performance.md. With COMMIT it also measures the life of an instance at that commit, alternating with the current one. It
// takes about seven minutes. Run nothing else on the machine meanwhile.
import { rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { writeSection } from '../support/marked-section.ts'
import { buildBefore } from './before.ts'
import { allBodies } from './bodies.ts'
import { type Figures, figuresFile } from './figures.ts'
import { figuresText, performanceFile, performanceSection } from './figures-text.ts'
import { measure } from './measurement.ts'
import { profile } from './profile.ts'

const profiled = ['plain', 'rich', '64 KB, 100']
const profileMs = 3000

const tell = (what: string): void => console.error(what)
const bodies = allBodies()
const [, , commit] = process.argv
const before = commit === undefined ? undefined : await buildBefore(commit)
const howMuch = { rounds: 15, roundMs: 60, instances: 30, ...(before === undefined ? {} : { before }) }
const measured = await measure(bodies, howMuch, tell)
if (before !== undefined) await rm(before.folder, { recursive: true })
const profiles: Record<string, Figures['profiles'][string]> = {}
for (const body of bodies.filter(({ name }) => profiled.includes(name))) {
  profiles[body.name] = await profile(body, profileMs)
  tell(`${body.name} is profiled`)
}
const [processor] = cpus()
const figures: Figures = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${processor?.model ?? 'a processor'}, ${availableParallelism()} cores, Node ${process.versions.node} (V8 ${process.versions.v8})`,
  ...measured,
  profiles,
}
const text = figuresText(figures)
await writeFile(figuresFile, `${JSON.stringify(figures, undefined, 2)}\n`)
await writeSection(performanceFile, performanceSection, text)
console.log(text)
