import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { builtInModules } from '../../lib/managers/built-in.ts'
import { withSection } from '../support/marked-section.ts'
import { doctor } from './catalogue/doctor.ts'
import type { Entry } from './catalogue/entry.ts'
import { chapters, messagesOf } from './catalogue/chapters.ts'
import { messagesOfModule } from './catalogue/of-managers.ts'
import { unshown } from './catalogue/unshown.ts'
import {
  messagesSection,
  messagesText,
  outcomesSection,
  outcomesText,
  troubleshootingFile,
} from './document.ts'
import { compare } from './grammar.ts'
import { isProse, readSourceTexts, textsIn } from './source-texts.ts'

const texts = readSourceTexts()
const messages = [...messagesOf(chapters), ...unshown.flatMap((one) => one.texts)]

describe('docs/troubleshooting.md', () => {
  it('is current: `npm run docs` writes its messages', async () => {
    const document = await readFile(troubleshootingFile, 'utf8')
    expect(document).toBe(
      withSection(
        withSection(document, messagesSection, messagesText(chapters)),
        outcomesSection,
        outcomesText(),
      ),
    )
  })
})

describe('the catalogue of messages', () => {
  const { missing, stale } = compare(texts, messages)

  it('has every text of the code that a person can read', () =>
    expect(missing, 'add new messages to test/messages/catalogue, and other texts to its unshown.ts').toEqual(
      [],
    ))

  it('has only messages of the code', () => expect(stale).toEqual([]))

  it.each(Object.keys(builtInModules))('has the messages of a manager’s module: %s', (module) => {
    const { reasons } = messagesOfModule(module)
    const listed = messagesOf(chapters)
    expect(reasons.flatMap(({ says }) => says).filter((text) => !listed.includes(text))).toEqual([])
  })

  it('never leads from doctor back to doctor', () => {
    const entries = Object.values(doctor).flatMap((chapter): readonly Entry[] => chapter.entries)
    const advice = entries.flatMap(({ advises = [], todo = '' }) => [...advises, todo])
    expect(advice.length).toBeGreaterThan(50)
    expect(advice.filter((text) => /flyte-webhook doctor|`doctor`/.test(text))).toEqual([])
  })

  it('has no message twice in one chapter', () => {
    for (const { title, entries } of chapters) {
      const says = entries.flatMap((entry) => entry.says)
      expect({ title, says: [...new Set(says)] }).toEqual({ title, says })
    }
  })
})

describe('the texts of a file', () => {
  const textsOf = (source: string) => textsIn('a.ts', source).filter(isProse)

  it.each([
    { what: 'a string', source: "f('it is so')", is: [['it is so']] },
    { what: 'a template', source: 'f(`it is ${a} or ${b}`)', is: [['it is ', ' or ', '']] },
    {
      what: 'a template inside another',
      source: "f(`it is ${a ? 'not so' : ''}`)",
      is: [['it is ', ''], ['not so']],
    },
    { what: 'a word with a gap', source: 'f(`volume ${name}`)', is: [['volume ', '']] },
    { what: 'a single word', source: "f('FILE', ', ', `${a}: ${b}`)", is: [] },
    { what: 'a comment, a type and a name', source: 'type A = 1 // it is so', is: [] },
    {
      what: 'the meaning of a message',
      source: "const reasons = [{ why: 'it is so', todo: 'do so' }]",
      is: [],
    },
    { what: 'a list of unshown texts', source: "const unshown = ['it is so']", is: [] },
    {
      what: 'the output of a script',
      source:
        'f(`set -eu\\nprintf \'%s: it is so\\\\n\' "$1" >&2\\nfail "$1" \'it is not so\'\\nrm -f "$1"`)',
      is: [['', ': it is so'], ['it is not so']],
    },
  ])('are found: $what', ({ source, is }) => expect(textsOf(source)).toEqual(is))

  it('are not searched in invalid TypeScript', () => {
    expect(() => textsIn('a.ts', 'const')).toThrow('a.ts: ')
  })
})

describe('a message', () => {
  const code = [['it is so'], ['no ', ': ', ''], ['a thing'], ['', ' of ', ''], ['(', ')'], ['it is ', '']]

  it.each([
    { what: 'a text', message: 'it is so' },
    { what: 'a template', message: 'no <name>: <why>' },
    { what: 'a template with a text in a gap', message: 'no a thing: it is so' },
    { what: 'nested templates', message: 'no a thing of <owner>: it is <what>' },
    { what: 'a template with an empty gap', message: 'no <name>: ' },
  ])('comes from the code: $what', ({ message }) => {
    expect(compare(code, [message]).stale).toEqual([])
  })

  it.each([
    { what: 'another text', message: 'it was so' },
    { what: 'more than the text', message: 'it is so now' },
    { what: 'a template with a foreign text in its gap', message: 'no other thing: it is so' },
    { what: 'no text of the code', message: '<why>' },
  ])('does not come from the code: $what', ({ message }) => {
    expect(compare(code, [message]).stale).toEqual([message])
  })

  it('leaves the texts that it does not contain', () => {
    expect(compare(code, ['no a thing: it is so']).missing).toEqual(['<…> of <…>', 'it is <…>'])
  })
})
