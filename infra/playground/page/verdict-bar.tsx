import type { VNode } from 'preact'
import type { Fix } from './fixes.ts'
import type { PageOutcome } from './outcome.ts'
import type { ChangeState } from './state.ts'
import { verdictOf } from './verdict.ts'

/** The answer in a line, and what to do about it. Stays in sight while the page scrolls. */
export const VerdictBar = ({
  outcome,
  fixes,
  failure,
  change,
}: {
  readonly outcome: PageOutcome | undefined
  readonly fixes: readonly Fix[]
  readonly failure: string | undefined
  readonly change: ChangeState
}): VNode => {
  const verdict =
    failure === undefined
      ? outcome && verdictOf(outcome, fixes)
      : ({ kind: 'bad', title: 'The playground failed', detail: failure } as const)
  return (
    <section class={`verdict ${verdict?.kind ?? 'neutral'}`} aria-labelledby="answer">
      <h2 id="answer" class="hidden">
        Answer
      </h2>
      <div role="status">
        <p class="title">{verdict?.title ?? 'Asking…'}</p>
        <p>{verdict?.detail}</p>
      </div>
      {fixes.length === 0 ? null : (
        <div class="fixes">
          {fixes.map(({ label, fields }) => (
            <button key={label} type="button" class="quiet" onClick={() => change(fields)}>
              {label}
            </button>
          ))}
        </div>
      )}
    </section>
  )
}
