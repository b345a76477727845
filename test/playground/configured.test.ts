import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadOutsideManagers } from '../../infra/managers/outside-managers.ts'
import { type Configured, configuredBy } from '../../infra/playground/page/configured.ts'
import { folderWith, fromLine, type OutsideFolder, shelf, shelfConfig } from '../managers/outside-folder.ts'

const text = shelfConfig('./managers/shelf.ts')

const namesIn = ({ definitions }: Configured): readonly string[] => definitions.map(({ name }) => name)
const problemsIn = ({ parsed }: Configured) => (parsed.kind === 'problems' ? parsed.problems : [])

describe('a configuration on a page that was built for one', () => {
  let outside: OutsideFolder
  beforeAll(async () => {
    outside = await folderWith({ 'webhook.yaml': text, 'managers/shelf.ts': shelf })
  })
  afterAll(() => outside.remove())
  const onPage = async (typed: string): Promise<Configured> => {
    const { managers } = await loadOutsideManagers(text, outside.config)
    return configuredBy(typed, managers)
  }

  it('can name the managers that are built in', async () => {
    const configured = await onPage(text)
    expect(problemsIn(configured)).toEqual([])
    expect(namesIn(configured)).toContain('Shelf')
  })

  it('is checked like in a build', async () => {
    expect(problemsIn(await onPage(`${text}      shelve: a\n`))).toMatchObject([
      { line: fromLine + 1, message: expect.stringContaining('did you mean shelf?') },
    ])
  })

  it.each([
    { what: 'of another file', typed: shelfConfig('./managers/other.ts') },
    { what: 'of another name', typed: text.replaceAll('Shelf', 'Board') },
  ])('reports a manager that is not built in: $what', async ({ typed }) => {
    expect(problemsIn(await onPage(typed))).toMatchObject([
      { line: fromLine, message: expect.stringContaining('this page does not include it') },
    ])
  })

  it('does not know a manager without a file, as in a build', async () => {
    const configured = await onPage('webhook: {secretManagerTypes: [Shelf]}\nfunction: {profile: flyte1}\n')
    expect(problemsIn(configured)).toMatchObject([{ path: 'webhook.secretManagerTypes[0]' }])
    expect(namesIn(configured)).not.toContain('Shelf')
  })
})

describe('a configuration on a page that was built for none', () => {
  it('reports that its manager is not built in, and how to build it in', () => {
    expect(problemsIn(configuredBy(text))).toEqual([
      {
        line: fromLine,
        path: 'function.managers.Shelf.from',
        message:
          'cannot be used: this page does not include it. To include it, run flyte-webhook playground --config FILE',
      },
    ])
  })
})
