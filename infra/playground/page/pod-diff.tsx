import type { VNode } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { podDiff, podYaml } from '../../preview/pod-diff.ts'
import type { Preview } from '../../preview/preview.ts'
import { createDiff } from './editor.ts'
import { counted } from './verdict.ts'

/** The pod before and after. */
export const PodDiff = ({ preview: { before, after } }: { readonly preview: Preview }): VNode => {
  const [isWhole, setWhole] = useState(false)
  const host = useRef<HTMLDivElement>(null)
  const lines = useMemo(() => podDiff(before, after).slice(2), [before, after])
  const added = lines.filter((line) => line.startsWith('+')).length
  const removed = lines.filter((line) => line.startsWith('-')).length
  const summary = `${counted(added, 'line')} added, ${removed === 0 ? 'none' : removed} removed`
  useEffect(() => {
    if (host.current === null) return undefined
    const texts = { before: podYaml(before), after: podYaml(after) }
    const view = createDiff(host.current, { label: `Pod before and after: ${summary}`, ...texts, isWhole })
    return () => view.destroy()
  }, [before, after, isWhole])
  return (
    <section class="card" aria-labelledby="diff">
      <div class="head">
        <h2 id="diff">The pod, before and after</h2>
        <button type="button" class="quiet" aria-pressed={isWhole} onClick={() => setWhole(!isWhole)}>
          Whole pod
        </button>
      </div>
      <p class="hint">
        {lines.length === 0
          ? 'Only values change, and they are not shown.'
          : `${summary}; values of secrets are hidden.`}
      </p>
      <div class="editor diff" ref={host} />
    </section>
  )
}
