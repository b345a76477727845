import type { VNode } from 'preact'
import { AskedInCode } from './asked-in-code.tsx'
import { CodeBlock } from './code-block.tsx'
import { curlCommand } from './curl.ts'
import { Explanations } from './explanations.tsx'
import type { PageAnswer, PageOutcome } from './outcome.ts'
import { PodDiff } from './pod-diff.tsx'
import { verdictOf } from './verdict.ts'

/** What the webhook answers, and why. */
export const Result = ({
  outcome,
  failure,
}: {
  readonly outcome: PageOutcome | undefined
  readonly failure: string | undefined
}): VNode => {
  const verdict =
    failure === undefined
      ? outcome && verdictOf(outcome)
      : ({ kind: 'bad', title: 'The playground failed', detail: failure } as const)
  const answer = failure === undefined ? outcome?.answer : undefined
  return (
    <>
      <section class={`card verdict ${verdict?.kind ?? 'neutral'}`} aria-labelledby="answer">
        <h2 id="answer" class="hidden">
          PageAnswer
        </h2>
        <div role="status">
          <p class="title">{verdict?.title ?? 'Asking…'}</p>
          <p>{verdict?.detail}</p>
        </div>
        {answer?.kind === 'previewed' ? <Warnings all={answer.preview.warnings} /> : null}
      </section>
      {answer?.kind === 'previewed' ? <Previewed {...answer} /> : null}
    </>
  )
}

const Warnings = ({ all }: { readonly all: readonly string[] }): VNode | null =>
  all.length === 0 ? null : (
    <ul class="lines notice" aria-label="Warnings">
      {all.map((warning) => (
        <li key={warning}>Warning: {warning}</li>
      ))}
    </ul>
  )

const Previewed = ({ preview, review }: Extract<PageAnswer, { readonly kind: 'previewed' }>): VNode => (
  <>
    <Explanations requests={preview.requests} />
    {preview.refused === undefined && preview.patch.length > 0 ? <PodDiff preview={preview} /> : null}
    <AskedInCode requests={preview.requests} />
    <section class="card" aria-labelledby="curl">
      <h2 id="curl">Ask a running webhook</h2>
      <p class="hint">
        Start one by <code>npm start</code>, and paste this into a shell in the project's folder: the
        AdmissionReview that an API server would send.
      </p>
      <CodeBlock title="For a shell" code={curlCommand(review)} isLong />
      {preview.patch.length === 0 ? null : (
        <details>
          <summary>The JSON Patch of the answer</summary>
          <CodeBlock title="JSON Patch" code={JSON.stringify(preview.patch, null, 2)} isLong />
        </details>
      )}
    </section>
  </>
)
