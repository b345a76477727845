import type { VNode } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { podYaml } from '../../preview/pod-diff.ts'
import type { Preview } from '../../preview/preview.ts'
import { createDiff } from './editor.ts'
import { changesIn } from './verdict.ts'

/** The pod before and after. */
export const PodDiff = ({ preview: { before, after } }: { readonly preview: Preview }): VNode => {
  const [isWhole, setWhole] = useState(false)
  const host = useRef<HTMLDivElement>(null)
  const summary = useMemo(() => changesIn({ before, after }), [before, after])
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
      <p class="hint">{summary}; values of secrets are hidden.</p>
      <div class="editor diff" ref={host} />
    </section>
  )
}
