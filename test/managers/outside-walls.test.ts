import { describe, expect, it } from 'vitest'
import { problemsOf, shelf, shelfConfig } from './outside-folder.ts'

/** Returns the problems of a manager with these lines after `Shelf`, and with these files next to it. */
const problemsWith = async (lines: string, files: Readonly<Record<string, string>> = {}) =>
  problemsOf({
    'webhook.yaml': shelfConfig('./managers/shelf.ts'),
    'managers/shelf.ts': `${shelf}${lines}\n`,
    'above.ts': 'export const above = 1\n',
    ...files,
  })

/** The first line after `Shelf`. */
const after = shelf.split('\n').length
const refused = (where: string, what: string): string =>
  `7 function.managers.Shelf.from: cannot be used: ${where} ${what}`

const ownOnly = 'a manager can import only flyte-webhook/manager and files of its own folder'
const world = 'a manager has no access to the outside world'
const atOnce = 'a manager must answer at once, without waiting'

const walls = [
  { line: `import 'node:fs'`, said: `imports node:fs: ${ownOnly}` },
  { line: `import { readFileSync } from 'fs'; readFileSync('a')`, said: `imports fs: ${ownOnly}` },
  { line: `import { z } from 'zod'; z.string()`, said: `imports zod: ${ownOnly}` },
  { line: `export * from '@kubernetes/client-node'`, said: `imports @kubernetes/client-node: ${ownOnly}` },
  { line: `import { above } from '../above.ts'; above.toFixed()`, said: `imports ../above.ts: ${ownOnly}` },
  { line: `import '/etc/hosts'`, said: `imports /etc/hosts: ${ownOnly}` },
  { line: `import './nothing.ts'`, said: 'imports ./nothing.ts, which does not exist' },
  {
    line: `import { defineManger } from 'flyte-webhook/manager'; defineManger()`,
    said: 'imports defineManger, which the kit does not have',
  },
  { line: `require('node:fs')`, said: `imports node:fs: ${ownOnly}` },
  { line: `export const load = (name: string) => require(name)`, said: `names require: ${world}` },
  { line: `export const load = require`, said: `names require: ${world}` },
  {
    line: `require('flyte-webhook/manager')`,
    said: 'requires flyte-webhook/manager: it is an ES module, so import it',
  },
  { line: `export const load = () => import('node:fs')`, said: `imports while it runs: ${world}` },
  { line: `export const load = (name: string) => import(name)`, said: `imports while it runs: ${world}` },
  { line: `export const here = import.meta.url`, said: `names import.meta: ${world}` },
  { line: `export const token = process.env.TOKEN`, said: `names process: ${world}` },
  { line: `export const token = () => process.env.TOKEN`, said: `names process: ${world}` },
  { line: `export const quiet = () => { process = undefined }`, said: `names process: ${world}` },
  { line: `export const ask = () => fetch('https://h.example')`, said: `names fetch: ${world}` },
  { line: `export const ask = { fetch }`, said: `names fetch: ${world}` },
  { line: `export const ask = () => new WebSocket('wss://h.example')`, said: `names WebSocket: ${world}` },
  { line: `export const all = globalThis['process']`, said: `names globalThis: ${world}` },
  { line: `export const all = () => global`, said: `names global: ${world}` },
  {
    line: `export const made = () => eval('1')`,
    said: 'names eval: a manager cannot create code while it runs',
  },
  {
    line: `export const made = () => new Function('return 1')`,
    said: 'names Function: a manager cannot create code while it runs',
  },
  { line: `export const later = async () => 1`, said: `has an async function: ${atOnce}` },
  { line: `export const later = () => Promise.resolve(1)`, said: `names Promise: ${atOnce}` },
  { line: `export const later = () => setTimeout(String, 1)`, said: `names setTimeout: ${atOnce}` },
  { line: `await 1`, said: `waits while it is loaded: ${atOnce}` },
  {
    line: `console.log('loaded')`,
    said: "names console: a manager cannot write to the function's log",
  },
]

describe('a manager from outside', () => {
  it.each(walls)('is refused with its file and line: $line', async ({ line, said }) => {
    expect(await problemsWith(line)).toEqual([refused(`managers/shelf.ts:${after}`, said)])
  })

  it('is refused for every breach, also in the files that it imports', async () => {
    const files = {
      'managers/names/reading.ts': `import type { Want } from 'flyte-webhook/manager'\nexport type Wanted = Want\n\nexport const home = () => process.env.HOME\n`,
    }
    const said = await problemsWith(
      `export { home } from './names/reading.ts'\nexport const ask = () => fetch('x')`,
      files,
    )
    expect(said.toSorted()).toEqual([
      refused('managers/names/reading.ts:4', `names process: ${world}`),
      refused(`managers/shelf.ts:${after + 1}`, `names fetch: ${world}`),
    ])
  })

  it('cannot import packages installed in its folder', async () => {
    const files = { 'managers/node_modules/zod/index.js': 'export const z = 1\n' }
    expect(await problemsWith(`export { z } from './node_modules/zod/index.js'`, files)).toEqual([
      refused(`managers/shelf.ts:${after}`, `imports ./node_modules/zod/index.js: ${ownOnly}`),
    ])
  })

  it.each([
    'export const asked = (request: { fetch: string }) => request.fetch',
    'export const asked = (request: Record<string, string>) => request.process + request.eval',
    'export const made = { process: 1, fetch: 2, require: 3, console: 4 }',
    'export const made = (process: string, fetch: string) => process + fetch',
    'export const made = ({ fetch }: { fetch: string }) => { const process = fetch; return { process } }',
    'export const process = 1',
    'export class fetch { require() { return 1 } static eval = 1 }',
    'export const said = "process, fetch and eval" // globalThis',
    'export type Later = Promise<string>; export const typed = (global?: Function): global is Function => true',
    "import type { Stats } from 'node:fs'; export const sized = (stats: Stats) => stats.size",
    "import words from './words.json'; export const first = words[0]",
  ])('can use a forbidden name for something else: %s', async (line) => {
    expect(await problemsWith(line, { 'managers/words.json': '["a"]' })).toEqual([])
  })
})
