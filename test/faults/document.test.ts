import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { withSection } from '../support/marked-section.ts'
import { faultsSection, faultsText, troubleshootingFile } from './document.ts'
import { allFaults, showsToken } from './faults.ts'

const list = faultsText(allFaults)

describe('docs/troubleshooting.md', () => {
  it('is current: `npm run docs` writes its faults', async () => {
    const document = await readFile(troubleshootingFile, 'utf8')
    expect(document).toBe(withSection(document, faultsSection, list))
  })
})

describe('the list of faults', () => {
  const groups = list.split('### ').slice(1)

  /** Returns the group with the message of a fault: its beginning, and an item with the rest. */
  const groupOf = (message: string): string | undefined =>
    groups.find((group) => {
      const begin = /begins with `(.+)`\./.exec(group)?.[1] ?? ''
      return message.startsWith(begin) && group.includes(`\n- \`${message.slice(begin.length).trim()}\`\\\n`)
    })

  it.each(allFaults)('has every complete message: $what', ({ message }) => {
    expect(groupOf(message)).toBeDefined()
  })

  it.each(allFaults)('tells whether a message shows the token: $what', (fault) => {
    expect(groupOf(fault.message)?.includes('It shows the token')).toBe(showsToken(fault))
  })
})

describe('a marked section', () => {
  const section = { name: 'x', command: 'npm run x' }
  const document = 'a\n<!-- x: written by `npm run x` -->\nold\n<!-- x: end -->\nb\n'

  it('is replaced without changes around it', () => {
    const written = withSection(document, section, 'new')
    expect(written).toBe('a\n<!-- x: written by `npm run x` -->\n\nnew\n\n<!-- x: end -->\nb\n')
    expect(withSection(written, section, 'new')).toBe(written)
  })

  it.each(['', '<!-- x: end -->', '<!-- x: end --> <!-- x: written by `npm run x` -->'])(
    'must exist: %j',
    (text) => {
      expect(() => withSection(text, section, 'new')).toThrow('write these two lines where the section')
    },
  )
})
