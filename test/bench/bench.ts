// npm run bench: measures the webhook's speed, and writes what it measured into test/bench/figures.json and docs/performance.md.
// It takes about four minutes and wants the machine for itself.
import { writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { writeSection } from '../support/marked-section.ts'
import { allBodies } from './bodies.ts'
import { type Figures, figuresFile } from './figures.ts'
import { figuresText, performanceFile, performanceSection } from './figures-text.ts'
import { measure } from './measurement.ts'
import { profile } from './profile.ts'

const profiled = ['plain', 'rich', '64 KB, 100']
const profileMs = 3000

const tell = (what: string): void => console.error(what)
const bodies = allBodies()
const measured = await measure(bodies, { rounds: 15, roundMs: 60 }, tell)
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
