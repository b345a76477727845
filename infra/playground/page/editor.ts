import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { unifiedMergeView } from '@codemirror/merge'
import { EditorState, type Extension, Transaction } from '@codemirror/state'
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view'
import { highlighting, theme } from './editor-theme.ts'

/** A problem of a line, counted from 1. An unknown line counts as the first. */
export interface LineProblem {
  readonly line: number | undefined
  readonly message: string
}

/** Receives a text that a person changed, and whether by pasting. */
export type OnText = (text: string, isPasted: boolean) => void

export interface Editor {
  /** Replaces the text if it differs. Does not call `onText`. */
  readonly setText: (text: string) => void
  readonly setProblems: (problems: readonly LineProblem[]) => void
  readonly destroy: () => void
}

/**
 * Creates a YAML editor in a shadow tree, where CodeMirror uses constructed style sheets. Elsewhere it would add `style`
 * elements, which the page's Content-Security-Policy blocks.
 */
export const createEditor = (
  host: HTMLElement,
  { label, onText }: { readonly label: string; readonly onText: OnText },
): Editor => {
  const view = new EditorView({
    ...shadowOf(host),
    extensions: [
      shared(label),
      history(),
      // These leave Tab alone, which moves to the next field.
      keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
      lintGutter(),
      EditorView.updateListener.of((update) => {
        const isTyped = !update.transactions.some((made) => made.annotation(Transaction.remote))
        const isPasted = update.transactions.some((made) => made.isUserEvent('input.paste'))
        if (update.docChanged && isTyped) onText(update.state.doc.toString(), isPasted)
      }),
    ],
  })
  return {
    setText: (text) => {
      if (text === view.state.doc.toString()) return
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        annotations: Transaction.remote.of(true),
      })
    },
    setProblems: (problems) =>
      view.dispatch(
        setDiagnostics(
          view.state,
          problems.map((problem) => diagnosticOf(view.state, problem)),
        ),
      ),
    destroy: () => view.destroy(),
  }
}

/** Shows two texts as one, with removed and added lines marked. Read-only, but the caret can move in it. */
export const createDiff = (
  host: HTMLElement,
  {
    label,
    before,
    after,
    isWhole,
  }: {
    readonly label: string
    readonly before: string
    readonly after: string
    readonly isWhole: boolean
  },
): EditorView =>
  new EditorView({
    ...shadowOf(host),
    doc: after,
    extensions: [
      shared(label),
      keymap.of(defaultKeymap),
      EditorState.readOnly.of(true),
      unifiedMergeView({
        original: before,
        mergeControls: false,
        highlightChanges: false,
        gutter: false,
        ...(isWhole ? {} : { collapseUnchanged: { margin: 3, minSize: 4 } }),
      }),
    ],
  })

const shadowOf = (host: HTMLElement): { readonly root: ShadowRoot; readonly parent: ShadowRoot } => {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  return { root, parent: root }
}

const shared = (label: string): Extension => [
  yaml(),
  highlighting,
  theme,
  lineNumbers(),
  drawSelection(),
  EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
]

const diagnosticOf = ({ doc }: EditorState, { line = 1, message }: LineProblem): Diagnostic => {
  const { from, to } = doc.line(Math.min(line, doc.lines))
  return { from, to, severity: 'error', message }
}
