import { describe, expect, it } from 'vitest'
import { commandOf } from './images.ts'

describe('the command of a container', () => {
  const entrypoints = { 'image:v1': ['entrypoint'] }

  it.each([
    { what: 'its command', container: { image: 'image:v1', command: ['own'] }, runs: ['own'] },
    { what: 'the entrypoint of its image', container: { image: 'image:v1' }, runs: ['entrypoint'] },
  ])('is $what', ({ container, runs }) => {
    expect(commandOf({ name: 'pull', ...container }, entrypoints)).toEqual(runs)
  })

  it('is not guessed for an unknown image', () => {
    expect(() => commandOf({ name: 'pull', image: 'image:v2' }, entrypoints)).toThrow(
      'pull has no command, and its consumer row names no entrypoint',
    )
  })
})
