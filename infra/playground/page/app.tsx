import type { VNode } from 'preact'
import { Asking } from './asking.tsx'
import { Circumstances } from './circumstances.tsx'
import { Configuration } from './configuration.tsx'
import { CopyLink } from './copy-button.tsx'
import type { ReadFragment } from './fragment.ts'
import { linkTo, useLinkedState } from './linked-state.ts'
import { useOutcomes } from './outcomes.ts'
import { PodInput } from './pod-input.tsx'
import { Result } from './result.tsx'
import type { ChangeState, Notice } from './state.ts'
import { ThemeSwitch } from './theme-switch.tsx'
import { VerdictBar } from './verdict-bar.tsx'

/** The page. It shows the outcome of its state, and keeps the state in the URL's fragment. */
export const App = ({ linked }: { readonly linked: ReadFragment | undefined }): VNode => {
  const { state, change, notice } = useLinkedState(linked)
  const { outcome, fixes, answer, failure } = useOutcomes(state)
  return (
    <>
      <header class="top">
        <div>
          <h1>flyte-webhook playground</h1>
          <p>
            See what the webhook does to a pod that asks for secrets, and why. This page runs the code of the
            Lambda function. Nothing that you type leaves your browser.
          </p>
        </div>
        <div class="tools">
          <ThemeSwitch />
          <CopyLink link={() => linkTo(state)} />
        </div>
      </header>
      <main>
        {notice === undefined ? null : (
          <p class="notice" role="alert">
            {notice.text} <Undo notice={notice} change={change} />
          </p>
        )}
        <VerdictBar outcome={outcome} fixes={fixes} failure={failure} change={change} />
        <div class="columns">
          <section class="column" aria-label="Input">
            <Configuration state={state} change={change} />
            <Asking state={state} rows={outcome?.rows ?? []} change={change} />
            <PodInput state={state} answer={outcome?.answer} change={change} />
            <Circumstances state={state} outcome={outcome} change={change} />
          </section>
          {answer === undefined ? null : <Result answer={answer} isStale={answer !== outcome?.answer} />}
        </div>
      </main>
      <footer>
        The link contains what you typed, but not the values of secrets that the webhook knows. It contains
        the other variables of a pod unchanged.
      </footer>
    </>
  )
}

const Undo = ({
  notice: { undo },
  change,
}: {
  readonly notice: Notice
  readonly change: ChangeState
}): VNode | null =>
  undo === undefined ? null : (
    <button type="button" class="quiet" onClick={() => change(undo)}>
      Undo
    </button>
  )
