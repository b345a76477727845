import type { VNode } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { createEditor, type Editor, type LineProblem, type OnText } from './editor.ts'

/** A YAML editor in the page. */
export const YamlEditor = ({
  label,
  text,
  problems,
  onText,
}: {
  readonly label: string
  readonly text: string
  readonly problems: readonly LineProblem[]
  readonly onText: OnText
}): VNode => {
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<Editor>(null)
  const latest = useRef(onText)
  latest.current = onText
  useLayoutEffect(() => {
    if (host.current === null) return undefined
    const made = createEditor(host.current, { label, onText: (...typed) => latest.current(...typed) })
    editor.current = made
    return () => made.destroy()
  }, [label])
  // On every render, before anything else can be typed: after a paste, the state may keep its old text.
  useLayoutEffect(() => editor.current?.setText(text))
  useLayoutEffect(() => editor.current?.setProblems(problems), [text, problems])
  return <div class="editor" ref={host} />
}
