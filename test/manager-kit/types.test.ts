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

/** What tsc refuses: the line below each comment would be an error without it, and a comment without an error is one too. */
const wrong = (): void => {
  defineManager({
    ...about,
    keys,
    // @ts-expect-error -- an option that is spelt wrong
    create: ({ stor }) => saying(stor),
  })
  defineManager({
    ...about,
    keys: {},
    // @ts-expect-error -- a key that is read and not declared
    create: (options) => saying(options.store),
  })
  defineManager({
    ...about,
    keys,
    // @ts-expect-error -- the same, where the manager speaks of itself
    notices: (options) => [{ message: options.stor }],
    create: () => saying(''),
  })
  defineManager({
    ...about,
    keys,
    // @ts-expect-error -- an option that may be absent
    create: ({ region }) => saying(region),
  })
  defineManager({
    ...about,
    keys,
    // @ts-expect-error -- a word that the option cannot be
    create: ({ mode }) => saying(mode === 'slow' ? 'slow' : 'fast'),
  })
  defineManager({
    ...about,
    // @ts-expect-error -- a kind of key that there is not
    keys: { store: { kind: 'txt', default: { name: '', key: '' }, help: 'h' } },
    create: () => saying(''),
  })
  defineManager({
    ...about,
    // @ts-expect-error -- a key without what its kind needs
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
    // @ts-expect-error -- a want of a kind that there is not
    create: () => ({ name: 'Typed', resolve: () => ({ kind: 'found', wants: [{ kind: 'secret' }] }) }),
  })
  defineManager({
    ...about,
    keys: {},
    // @ts-expect-error -- no want at all
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
    // @ts-expect-error -- a word that is none of three
    makes: 'volumes',
    keys: {},
    create: () => saying(''),
  })
}

describe('the types of the kit', () => {
  it('let tsc refuse what only JavaScript gets to run', () => {
    expect(wrong).not.toThrow()
  })

  it('let a manager know its options', () => {
    const host = { envVarPrefix: '_FSEC_', profile: 'flyte1' } as const
    const resources = { requests: { cpu: '1', memory: '1Mi' }, limits: { cpu: '1', memory: '1Mi' } }
    const made: string = shelf.create({ shelf: 'main', sidecarImage: 'i', resources }, host).name
    expect(made).toBe('Shelf')
  })
})
