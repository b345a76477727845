import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** Uses the colours of the page (`style.css`), which follow light and dark into the shadow tree. */
export const highlighting: Extension = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--code-key)' },
    { tag: [tags.string, tags.attributeValue], color: 'var(--code-string)' },
    { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
  ]),
)

const marked = (sign: string, background: string, edge: string) => ({
  backgroundColor: background,
  // Colour alone must not distinguish added from removed lines.
  '&::before': {
    content: sign,
    color: edge,
    fontWeight: '700',
    position: 'absolute',
    left: '6px',
  },
})

export const theme: Extension = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'transparent', fontSize: '0.8125rem', maxHeight: 'inherit' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--text)', padding: '10px 0' },
  '.cm-line': { padding: '0 12px 0 20px', position: 'relative' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--muted)', border: 'none' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--selection) !important',
  },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--text)', border: '1px solid var(--line)' },
  '&.cm-merge-b .cm-changedLine': marked('"+"', 'var(--added)', 'var(--good)'),
  '.cm-deletedChunk': { backgroundColor: 'transparent !important', padding: '0 !important' },
  'ins, del': { textDecoration: 'none !important' },
  '.cm-deletedChunk .cm-deletedLine': {
    ...marked('"−"', 'var(--removed)', 'var(--bad)'),
    padding: '0 12px 0 20px',
    position: 'relative',
  },
  '.cm-collapsedLines': {
    background: 'var(--sunken) !important',
    color: 'var(--muted)',
    padding: '3px 20px',
    fontFamily: 'var(--sans)',
    '&::before, &::after': { content: 'none' },
  },
})
