import { describe, expect, it } from 'vitest'
import { fromLine, problemsOf, shelf, shelfConfig } from './outside-folder.ts'

const file = './managers/shelf.ts'

/** Returns the problems of `Shelf` after an edit of its source. */
const problemsAfter = (search: string, text: string): Promise<readonly string[]> => {
  if (!shelf.includes(search)) throw new Error(`there is no ${search}`)
  return problemsOf({
    'webhook.yaml': shelfConfig(file),
    'managers/shelf.ts': shelf.replace(search, () => text),
  })
}

const refused = (why: string): string => `${fromLine} function.managers.Shelf.from: cannot be used: ${why}`

const lineOf = (text: string): number => shelf.slice(0, shelf.indexOf(text)).split('\n').length

/** Edits that make a manager invalid. */
const edits = [
  {
    what: 'no default export',
    search: 'export default',
    text: 'export const shelf =',
    why: 'its default export must come from defineManager',
  },
  {
    what: 'a default export other than a definition',
    search: 'export default',
    text: 'export default () => 1\nexport const shelf =',
    why: 'its default export must come from defineManager',
  },
  {
    what: 'a name that differs from the configuration',
    search: "  name: 'Shelf'",
    text: "  name: 'Shelves'",
    why: 'its name is Shelves: use that name here, or change it to Shelf',
  },
  { what: 'no summary', search: '  summary:', text: '  sumary:', why: 'its definition needs a summary' },
  { what: 'no keys', search: '  keys:', text: '  kees:', why: 'its definition needs keys, if only {}' },
  {
    what: 'a key that every manager has',
    search: '    shelf: {',
    text: '    groups: {',
    why: 'rename its key groups: every manager already has a key of that name',
  },
  {
    what: 'a key that every manager has, in another case',
    search: '    shelf: {',
    text: '    From: {',
    why: 'rename its key From: every manager already has a key of that name',
  },
  {
    what: 'two keys that differ only in case',
    search: '    shelf: {',
    text: '    SidecarImage: {',
    why: 'its key SidecarImage exists twice: a configuration ignores the case of keys',
  },
  {
    what: 'a key of an unknown kind',
    search: "{ kind: 'text'",
    text: "{ kind: 'number'",
    why: 'its key shelf is not a key that defineManager accepts',
  },
  {
    what: 'its own section',
    search: '  keys:',
    text: "  section: 'shelfSecretManager',\n  keys:",
    why: 'its definition has section, which only managers of this project can have',
  },
  {
    what: 'an unknown word in the description',
    search: "makes: 'files'",
    text: "makes: 'volumes'",
    why: 'its makes is unknown to the kit',
  },
  {
    what: 'a field of a request without an example',
    search: "makes: 'files'",
    text: "makes: 'files', asks: { group: { means: 'shelf' } } as never",
    why: 'its asks is unknown to the kit',
  },
  {
    what: 'a function that returns such a field',
    search: "makes: 'files'",
    text: "makes: 'files', asks: () => ({ group: 'shelf' }) as never",
    why: 'its asks returns a value that the kit does not know',
  },
  {
    what: 'a description that throws',
    search: "reader: 'container'",
    text: "reader: () => { throw new Error('no reader') }",
    why: 'its reader throws: no reader',
  },
  {
    what: 'an invalid trial',
    search: "({ mount: 'FILE' })",
    text: "({ mount: 'VOLUME' })",
    why: 'its trial returns a value that the kit does not know',
  },
  {
    what: 'a create that throws',
    search: 'const puller =',
    text: "if (shelf === 'main') throw new Error('no such shelf')\n    const puller =",
    why: 'its create throws: no such shelf',
  },
  {
    what: 'a create that returns no manager',
    search: 'resolve: (',
    text: 'resolves: (',
    why: 'its create throws: it has no function resolve',
  },
  {
    what: 'a syntax error',
    search: 'const puller =',
    text: 'const puller : =',
    why: `managers/shelf.ts:${lineOf('const puller =')} Unexpected "="`,
  },
  {
    what: 'a throw while it is loaded',
    search: 'export default',
    text: "if (script !== '') throw new Error('not today')\nexport default",
    why: `managers/shelf.ts:${lineOf('export default')} throws while it is loaded: not today`,
  },
  {
    what: 'an unknown name while it is loaded',
    search: 'export default',
    text: '\nwindow.title\nexport default',
    why: `managers/shelf.ts:${lineOf('export default') + 1} throws while it is loaded: window is not defined`,
  },
]

describe('the code of a manager from outside', () => {
  it.each(edits)('is refused with the position of `from`: $what', async ({ search, text, why }) => {
    expect(await problemsAfter(search, text)).toEqual([refused(why)])
  })

  it.each([
    { from: './managers/none.ts', why: 'the file ./managers/none.ts' },
    { from: './managers', why: 'the file ./managers' },
    { from: 'flyte-shelf', why: 'the package flyte-shelf cannot be found' },
  ])('must exist: $from', async ({ from, why }) => {
    const [said = '', ...more] = await problemsOf({
      'webhook.yaml': shelfConfig(from),
      'managers/shelf.ts': shelf,
    })
    expect(said).toContain(refused(why))
    expect(more).toEqual([])
  })

  it('is found by keys in any case, as in Flyte', async () => {
    const config = shelfConfig('./managers/none.ts')
      .replace('managers:', 'Managers:')
      .replace('from:', 'From:')
    expect(await problemsOf({ 'webhook.yaml': config })).toEqual([
      expect.stringContaining(refused('the file ./managers/none.ts')),
    ])
    const right = config.replace('none.ts', 'shelf.ts')
    expect(await problemsOf({ 'webhook.yaml': right, 'managers/shelf.ts': shelf })).toEqual([])
  })

  it('cannot replace a manager of this project', async () => {
    const said = await problemsOf({
      'webhook.yaml': `function: {managers: {Vault: {from: ${file}}}}`,
      'managers/shelf.ts': shelf.replaceAll("'Shelf'", "'Vault'"),
    })
    expect(said).toEqual([
      '1 function.managers.Vault.from: cannot be used: this project already has a manager of that name; choose another',
    ])
  })

  it('has its keys checked like all keys, with the line and the closest name', async () => {
    const said = await problemsOf({
      'webhook.yaml': shelfConfig(file, '      shelve: a\n      sidecarImage: "a b"\n'),
      'managers/shelf.ts': shelf,
    })
    expect(said).toEqual([
      expect.stringMatching(/^8 function\.managers\.Shelf\.shelve: .*did you mean shelf\?/),
      expect.stringMatching(/^9 function\.managers\.Shelf\.sidecarImage: /),
    ])
  })
})

/** The JavaScript that tsc makes of `Shelf`, without types. */
const compiled = `import { defineManager, notMine } from 'flyte-webhook/manager'
import { reason } from '../shared.js'
export default defineManager({
  name: 'Shelf', summary: 's', makes: 'files', reader: 'kubelet', keys: {},
  create: () => ({ name: 'Shelf', resolve: () => notMine(reason) }),
})
`
const shared = `export const reason = 'it is empty'\n`

describe('a manager in JavaScript', () => {
  it('can be a file', async () => {
    const files = {
      'managers/shelf.js': compiled.replace('../shared', './shared'),
      'managers/shared.js': shared,
    }
    expect(await problemsOf({ 'webhook.yaml': shelfConfig('./managers/shelf.js'), ...files })).toEqual([])
  })

  it.each([
    { what: 'its main file', from: 'flyte-shelf', manifest: { main: './dist/shelf.js' } },
    { what: 'its exports', from: 'flyte-shelf', manifest: { exports: './dist/shelf.js' } },
    {
      what: 'its exports for import only',
      from: 'flyte-shelf',
      manifest: { exports: { '.': { types: './dist/shelf.d.ts', import: './dist/shelf.js' } } },
    },
    {
      what: 'one of its exports',
      from: '"@own/shelf/manager"',
      manifest: { exports: { './manager': './dist/shelf.js' } },
    },
  ])('can be a package, found by $what, that imports its own files', async ({ from, manifest }) => {
    const folder = from.includes('@own') ? 'node_modules/@own/shelf' : 'node_modules/flyte-shelf'
    const said = await problemsOf({
      'webhook.yaml': shelfConfig(from),
      [`${folder}/package.json`]: JSON.stringify({ name: 'shelf', type: 'module', ...manifest }),
      [`${folder}/dist/shelf.js`]: compiled,
      [`${folder}/shared.js`]: shared,
    })
    expect(said).toEqual([])
  })

  it('cannot be a package that imports another', async () => {
    const folder = 'node_modules/flyte-shelf'
    const said = await problemsOf({
      'webhook.yaml': shelfConfig('flyte-shelf'),
      [`${folder}/package.json`]: '{"exports": "./dist/shelf.js"}',
      [`${folder}/dist/shelf.js`]: `import 'other'\n${compiled}`,
      [`${folder}/shared.js`]: shared,
      'node_modules/other/index.js': '',
    })
    expect(said).toEqual([
      refused(
        `${folder}/dist/shelf.js:1 imports other: a manager can import only flyte-webhook/manager and files of its own folder`,
      ),
    ])
  })
})
