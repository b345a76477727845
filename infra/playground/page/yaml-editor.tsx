import type { VNode } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { createEditor, type Editor, type LineProblem } from './editor.ts'

/** An editor of YAML as a part of the page. */
export const YamlEditor = ({
  label,
  text,
  problems,
  onText,
}: {
  readonly label: string
  readonly text: string
  readonly problems: readonly LineProblem[]
  readonly onText: (text: string) => void
}): VNode => {
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<Editor>(null)
  const latest = useRef(onText)
  latest.current = onText
  useLayoutEffect(() => {
    if (host.current === null) return undefined
    const made = createEditor(host.current, { label, onText: (changed) => latest.current(changed) })
    editor.current = made
    return () => made.destroy()
  }, [label])
  // Before anything else can be typed.
  useLayoutEffect(() => {
    editor.current?.setText(text)
    editor.current?.setProblems(problems)
  }, [text, problems])
  return <div class="editor" ref={host} />
}
