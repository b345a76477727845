import { builtIn, builtInModules } from '../../lib/managers/built-in.ts'
import { describe, expect, it } from 'vitest'
import { makesFilesOnly, managerNames } from '../support/managers.ts'
import { createManagers } from '../../lib/secret-managers.ts'
import { consumers } from '../consumers/consumers.ts'
import { configFrom, filesAre } from '../support/webhook.ts'
import { resolved } from './resolved.ts'

const config = configFrom({
  webhook: { secretManagerTypes: managerNames },
  function: { profile: 'flyte1' },
})
const { managers } = createManagers(config, builtIn, { environment: {}, fileSystem: filesAre({}) })

describe('the managers of lib/managers/built-in.ts', () => {
  it.each(Object.entries(builtInModules))(
    'have a module called as what it exports: %s',
    async (name, manager) => {
      const module: Readonly<Record<string, unknown>> = await import(`../../lib/managers/${name}.ts`)
      expect(module[name]).toBe(manager)
    },
  )

  it('are made by the names that they have', () => {
    expect(managers.map(({ name }) => name)).toEqual(managerNames)
  })

  it.each(managers)('say so where they make files only: $name', async (manager) => {
    const request = { group: 'g', groupVersion: '1', key: 'k', mountRequirement: 'ENV_VAR' } as const
    const refused = { kind: 'not-mine', reason: 'it can make files only, and the request wants a variable' }
    const said = await resolved(manager, request)
    if (makesFilesOnly(manager.name)) expect(said).toEqual(refused)
    else expect(said).not.toEqual(refused)
  })

  it('are all among those whose secrets flytekit reads', () => {
    const consumed = consumers.flatMap(({ webhook }) => webhook.secretManagerTypes)
    expect(new Set(consumed)).toEqual(new Set(managerNames))
  })
})
