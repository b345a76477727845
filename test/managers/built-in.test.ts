import { builtIn, builtInModules } from '../../lib/managers/built-in.ts'
import { describe, expect, it } from 'vitest'
import { makesFilesOnly, managerNames } from '../support/managers.ts'
import { createManagers } from '../../lib/secret-managers.ts'
import { consumers } from '../consumers/consumers.ts'
import { configFrom, filesAre } from '../support/webhook.ts'
import { namingFiles, type Source, sourcesOf } from './naming-files.ts'
import { resolved } from './resolved.ts'

const config = configFrom({
  webhook: { secretManagerTypes: managerNames },
  function: { profile: 'flyte1' },
})
const { managers } = createManagers(config, builtIn, { environment: {}, fileSystem: filesAre({}) })

/** All code that runs in the function, the command or the playground. */
const sources: readonly Source[] = sourcesOf('{functions,infra,lib}/**/*.{ts,tsx}')

/** The list of managers, and two more files that need to know a manager. */
const maxNamingFiles = 3

describe('the managers of lib/managers/built-in.ts', () => {
  it.each(Object.entries(builtInModules))(
    'have a module with the name of its export: %s',
    async (name, manager) => {
      const module: Readonly<Record<string, unknown>> = await import(`../../lib/managers/${name}.ts`)
      expect(module[name]).toBe(manager)
    },
  )

  it('are created with their own names', () => {
    expect(managers.map(({ name }) => name)).toEqual(managerNames)
  })

  it.each(managers)('refuse variables if they make only files: $name', async (manager) => {
    const request = { group: 'g', groupVersion: '1', key: 'k', mountRequirement: 'ENV_VAR' } as const
    const refused = { kind: 'not-mine', reason: 'it makes only files, but the request wants a variable' }
    const said = await resolved(manager, request)
    if (makesFilesOnly(manager.name)) expect(said).toEqual(refused)
    else expect(said).not.toEqual(refused)
  })

  it.each(Object.entries(builtInModules))(
    'are each named in at most 3 files outside their modules: %s',
    (module, { name }) => {
      expect(namingFiles(sources, { module, name }).length).toBeLessThanOrEqual(maxNamingFiles)
    },
  )

  it('all have secrets that flytekit reads', () => {
    const consumed = consumers.flatMap(({ webhook }) => webhook.secretManagerTypes)
    expect(new Set(consumed)).toEqual(new Set(managerNames))
  })
})

describe('a file names a manager', () => {
  const rows = [
    { names: true, file: 'infra/a.ts', text: "export const a = ['GCP']" },
    { names: true, file: 'infra/a.ts', text: 'export const a = "GCP"' },
    { names: true, file: 'infra/a.ts', text: 'export const a = `GCP`' },
    { names: true, file: 'infra/a.tsx', text: 'export const a = <b title="GCP" />' },
    { names: true, file: 'infra/a.ts', text: "export { gcp } from '../lib/managers/gcp.ts'" },
    { names: true, file: 'infra/a.ts', text: "import type { A } from '../lib/managers/gcp-more.ts'" },
    { names: true, file: 'infra/a.ts', text: "export const a = import('../lib/managers/gcp.ts')" },
    { names: true, file: 'lib/managers/b.ts', text: "import { gcp } from './gcp.ts'" },
    { names: false, file: 'lib/managers/gcp.ts', text: "export const name = 'GCP'" },
    { names: false, file: 'lib/managers/gcp-more.ts', text: "export const name = 'GCP'" },
    { names: false, file: 'infra/a.ts', text: "// GCP, 'GCP', `GCP`" },
    { names: false, file: 'infra/a.ts', text: "export const a = 'by the manager GCP'" },
    { names: false, file: 'infra/a.ts', text: "import { a } from './gcp.ts'" },
  ]
  it.each(rows)('$names: $file with $text', ({ names, file, text }) => {
    const named = namingFiles([{ file, text }], { module: 'gcp', name: 'GCP' })
    expect(named).toEqual(names ? [file] : [])
  })
})
