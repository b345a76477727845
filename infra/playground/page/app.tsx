import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Asking } from './asking.tsx'
import { Circumstances } from './circumstances.tsx'
import { Configuration } from './configuration.tsx'
import { CopyLink } from './copy-button.tsx'
import { type ReadFragment, writeFragment } from './fragment.ts'
import { useLinkedState } from './linked-state.ts'
import { type PageOutcome, outcomeOf } from './outcome.ts'
import { PodInput } from './pod-input.tsx'
import { Result } from './result.tsx'
import type { State } from './state.ts'
import { ThemeSwitch } from './theme-switch.tsx'

/** The page: state → outcome → what is shown, and the state in the URL's fragment. */
export const App = ({ linked }: { readonly linked: ReadFragment | undefined }): VNode => {
  const { state, change, notice } = useLinkedState(linked)
  const { outcome, failure } = useOutcome(state)
  return (
    <>
      <header class="top">
        <div>
          <h1>flyte-webhook playground</h1>
          <p>
            What the webhook does to a pod that asks for secrets, and why: the code of the Lambda function,
            run in this page. Nothing that you type leaves it.
          </p>
        </div>
        <div class="tools">
          <ThemeSwitch />
          <CopyLink />
        </div>
      </header>
      <main>
        {notice === undefined ? null : (
          <p class="notice" role="alert">
            {notice}
          </p>
        )}
        <div class="columns">
          <section class="column" aria-label="What is asked">
            <Configuration state={state} change={change} />
            <Asking state={state} change={change} />
            <PodInput state={state} answer={outcome?.answer} change={change} />
            <Circumstances state={state} outcome={outcome} change={change} />
          </section>
          <section class="column" aria-label="What is answered">
            <Result outcome={outcome} failure={failure} />
          </section>
        </div>
      </main>
      <footer>
        The link holds what you typed, but no value of a secret that the webhook knows of: other variables of
        a pod are in it as they are.
      </footer>
    </>
  )
}

/** Browsers allow a page some hundred changes of its address in half a minute. */
const restMs = 200

/** The outcome of the latest state; an older one that comes later is dropped. */
const useOutcome = (state: State) => {
  const [outcome, setOutcome] = useState<PageOutcome>()
  const [failure, setFailure] = useState<string>()
  useEffect(() => {
    const replaced = new AbortController()
    const unlessReplaced = (act: () => void): void => {
      if (!replaced.signal.aborted) act()
    }
    const work = async (): Promise<void> => {
      const made = await outcomeOf(state, replaced.signal)
      unlessReplaced(() => {
        setOutcome(made)
        setFailure(undefined)
      })
      await new Promise((resolve) => setTimeout(resolve, restMs))
      const fragment = await writeFragment(made.shareable)
      unlessReplaced(() => history.replaceState(null, '', `#${fragment}`))
    }
    work().catch((error: unknown) => unlessReplaced(() => setFailure(String(error))))
    return () => replaced.abort()
  }, [state])
  return { outcome, failure }
}
