import type { VNode } from 'preact'
import { AskedInCode } from './asked-in-code.tsx'
import { CodeBlock } from './code-block.tsx'
import { curlCommand } from './curl.ts'
import { Explanations } from './explanations.tsx'
import type { Previewed } from './outcome.ts'
import { PodDiff } from './pod-diff.tsx'

/** What the webhook answers, and why. A stale answer belongs to an earlier state, before an error in the input. */
export const Result = ({
  answer: { preview, review },
  isStale,
}: {
  readonly answer: Previewed
  readonly isStale: boolean
}): VNode => (
  <section class={`column ${isStale ? 'stale' : ''}`} aria-label="Result">
    {isStale ? <p class="hint">This is the last good result, from before the error.</p> : null}
    {preview.warnings.length === 0 ? null : <Warnings all={preview.warnings} />}
    {preview.refused === undefined && preview.patch.length > 0 ? <PodDiff preview={preview} /> : null}
    <Explanations requests={preview.requests} />
    <AskedInCode requests={preview.requests} />
    <section class="card" aria-labelledby="curl">
      <h2 id="curl">Ask a running webhook</h2>
      <p class="hint">
        Run <code>npm start</code>, then paste this into a shell in the project's folder. It sends the
        AdmissionReview that an API server would send.
      </p>
      <CodeBlock title="For a shell" code={curlCommand(review)} isLong />
      <Answer preview={preview} />
    </section>
  </section>
)

/** What the API server gets, besides whether the pod is allowed. */
const Answer = ({ preview: { refused, patch } }: Pick<Previewed, 'preview'>): VNode | null => {
  if (refused === undefined && patch.length === 0) return null
  const title = refused === undefined ? 'JSON Patch' : 'Status'
  return (
    <details>
      <summary>The answer to the API server</summary>
      <CodeBlock title={title} code={JSON.stringify(refused ?? patch, null, 2)} isLong />
    </details>
  )
}

const Warnings = ({ all }: { readonly all: readonly string[] }): VNode => (
  <ul class="lines notice warnings" aria-label="Warnings">
    {all.map((warning) => (
      <li key={warning}>Warning: {warning}</li>
    ))}
  </ul>
)
