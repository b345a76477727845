import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { allFaults } from '../faults/faults.ts'
import { blocksIn } from '../support/markdown.ts'
import { chapters } from './catalogue/chapters.ts'
import { troubleshootingFile } from './document.ts'

const document = readFileSync(troubleshootingFile, 'utf8')
const [beginning = '', ...sections] = (document.split('\n## What the API server prints\n')[0] ?? '')
  .split(/^## /m)
  .map((section) => section.trim())
const symptoms = sections.map((text) => ({ title: text.split('\n')[0] ?? '', text }))

const known = [
  ...allFaults.map(({ message }) => message),
  ...chapters.flatMap(({ entries }) => entries.flatMap(({ says }) => says)),
]

/** Whether a message contains the pieces of a quotation in order, with anything in place of `…`. */
const isQuotedFrom = (quotation: string, message: string): boolean => {
  let from = 0
  for (const piece of quotation.split('…')) {
    const at = message.indexOf(piece, from)
    if (at === -1) return false
    from = at + piece.length
  }
  return true
}

describe('the symptoms of docs/troubleshooting.md', () => {
  it('are ten, and its first table links to each', () => {
    expect(symptoms).toHaveLength(10)
    for (const { title } of symptoms) expect(beginning).toContain(`| [${title}](#`)
  })

  it.each(symptoms)('fit on a screen, with numbered steps: $title', ({ text }) => {
    expect(text.split('\n').length).toBeLessThanOrEqual(25)
    expect(text).toMatch(/^1\. /m)
  })

  it.each(symptoms)('quote messages that exist: $title', ({ text }) => {
    const quotations = blocksIn(text, 'text').flatMap((block) => block.trim().split('\n'))
    expect(quotations).not.toEqual([])
    const unknown = quotations.filter(
      (one) => !known.some((message) => isQuotedFrom(one.replace(/^… /, ''), message)),
    )
    expect(unknown).toEqual([])
  })
})

describe('docs/troubleshooting.md', () => {
  it('has no table cell over 200 characters', () => {
    const cells = document
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .flatMap((line) => line.split(' | '))
    expect(cells.filter(({ length }) => length > 200)).toEqual([])
  })
})
