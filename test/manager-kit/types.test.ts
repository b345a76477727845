import { defineManager, notMine } from 'flyte-webhook/manager'
import { describe, expect, it } from 'vitest'
import shelf from '../managers/shelf.ts'

const about = { name: 'Typed', summary: 's', makes: 'files', reader: 'kubelet' } as const
const keys = {
  store: { kind: 'text', default: 'main', help: 'h' },
  region: { kind: 'region', help: 'h' },
  mode: { kind: 'oneOf', of: ['fast', 'safe'], default: 'fast', help: 'h' },
} as const
const saying = (text: string) => ({ name: 'Typed', resolve: () => notMine(text) })

/** Code that tsc refuses: the line below each comment must be an error, because tsc also reports a comment without an error. */
const wrong = (): void => {
  defineManager({
    ...about,
    keys,
    // @ts-expect-error -- a misspelt option
    create: ({ stor }) => saying(stor),
  })
  defineManager({
    ...about,
    keys: {},
    // @ts-expect-error -- an undeclared key
    create: (options) => saying(options.store),
  })
  defineManager({
    ...about,
    keys,
    // @ts-expect-error -- the same in a description of the manager
    notices: (options) => [{ message: options.stor }],
    create: () => saying(''),
  })
  defineManager({
    ...about,
    keys,
    // @ts-expect-error -- an optional option
    create: ({ region }) => saying(region),
  })
  defineManager({
    ...about,
    keys,
    // @ts-expect-error -- a value that the option cannot have
    create: ({ mode }) => saying(mode === 'slow' ? 'slow' : 'fast'),
  })
  defineManager({
    ...about,
    // @ts-expect-error -- an unknown kind of key
    keys: { store: { kind: 'txt', default: { name: '', key: '' }, help: 'h' } },
    create: () => saying(''),
  })
  defineManager({
    ...about,
    // @ts-expect-error -- a key without a field that its kind requires
    keys: { store: { kind: 'text', help: 'h' } },
    create: () => saying(''),
  })
  defineManager({
    ...about,
    keys: {},
    // @ts-expect-error -- a promise
    create: () => ({ name: 'Typed', resolve: async () => notMine('later') }),
  })
  defineManager({
    ...about,
    keys: {},
    // @ts-expect-error -- a want of an unknown kind
    create: () => ({ name: 'Typed', resolve: () => ({ kind: 'found', wants: [{ kind: 'secret' }] }) }),
  })
  defineManager({
    ...about,
    keys: {},
    // @ts-expect-error -- no want
    create: () => ({ name: 'Typed', resolve: () => ({ kind: 'found', wants: [] }) }),
  })
  defineManager({
    ...about,
    keys: {},
    // @ts-expect-error -- no resolve
    create: () => ({ name: 'Typed' }),
  })
  defineManager({
    ...about,
    // @ts-expect-error -- a value other than the three allowed
    makes: 'volumes',
    keys: {},
    create: () => saying(''),
  })
}

describe('the types of the kit', () => {
  it('let tsc refuse code that only JavaScript can run', () => {
    expect(wrong).not.toThrow()
  })

  it('let a manager know its options', () => {
    const host = { envVarPrefix: '_FSEC_', profile: 'flyte1' } as const
    const resources = { requests: { cpu: '1', memory: '1Mi' }, limits: { cpu: '1', memory: '1Mi' } }
    const made: string = shelf.create({ shelf: 'main', sidecarImage: 'i', resources }, host).name
    expect(made).toBe('Shelf')
  })
})
