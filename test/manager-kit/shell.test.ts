import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutExpansion } from '../../lib/kubelet-expansion.ts'
import { insideDoubleQuotes, shellWord } from '../../lib/manager-kit/shell.ts'
import { expanded } from '../../lib/manager-testing/kubelet.ts'
import { run } from '../managers/kubelet.ts'

const hostile = fc.string({ unit: fc.constantFrom(...`'"$\`\\(){}[]<>|&;*?~#=!% \t\nAé🔑-`) })
const anything = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', ''))
const texts = fc.array(fc.oneof(hostile, anything), { minLength: 1, maxLength: 60 })

/** Returns the words that a real shell reads after the kubelet's expansion. */
const wordsOf = (words: readonly string[]): readonly string[] => {
  const script = `printf '%s\\0' ${words.map(withoutExpansion).join(' ')}`
  return run(expanded(script, { A: 'expanded' }), { A: 'expanded' })
    .split('\0')
    .slice(0, -1)
}

describe('a word for the shell', () => {
  it('is unchanged, whatever it contains', () => {
    fc.assert(
      fc.property(texts, (some) => {
        expect(wordsOf(some.map(shellWord))).toEqual(some)
      }),
    )
  })

  it.each([
    { text: 'projects/p_1/secrets/s-2@x.y:z,%a+b=c', word: 'projects/p_1/secrets/s-2@x.y:z,%a+b=c' },
    { text: '', word: "''" },
    { text: 'a b', word: "'a b'" },
    { text: "it's", word: `'it'"'"'s'` },
    { text: '$(A)', word: "'$(A)'" },
    { text: 'grün', word: "'grün'" },
    { text: 'a\n', word: "'a\n'" },
  ])('is $word, quoted only if necessary', ({ text, word }) => {
    expect(shellWord(text)).toBe(word)
  })
})

describe('a text inside double quotes of the shell', () => {
  it('is unchanged, whatever it contains', () => {
    fc.assert(
      fc.property(texts, (some) => {
        expect(wordsOf(some.map((text) => `"${insideDoubleQuotes(text)}"`))).toEqual(some)
      }),
    )
  })

  it('has only four characters escaped', () => {
    expect(insideDoubleQuotes('\\ " $ ` \' ! é')).toBe('\\\\ \\" \\$ \\` \' ! é')
  })
})

describe('a text that the kubelet expands', () => {
  it('is unchanged, whatever it contains', () => {
    const text = fc.string({ unit: fc.constantFrom('$', '(', ')', 'A') })
    fc.assert(
      fc.property(text, (some) => {
        expect(expanded(withoutExpansion(some), { A: 'expanded' })).toBe(some)
      }),
    )
  })
})
