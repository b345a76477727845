import type { VNode } from 'preact'
import { useMemo } from 'preact/hooks'
import { ExampleChoice } from './example-choice.tsx'
import { podExamples } from './examples.ts'
import type { PageAnswer } from './outcome.ts'
import type { ChangeState, State } from './state.ts'
import { YamlEditor } from './yaml-editor.tsx'

/** The pod, pasted or chosen. */
export const PodInput = ({
  state,
  answer,
  change,
}: {
  readonly state: State
  readonly answer: PageAnswer | undefined
  readonly change: ChangeState
}): VNode => {
  const problems = useMemo(
    () => (answer?.kind === 'wrong-pod' ? [{ line: answer.line, message: answer.why }] : []),
    [answer],
  )
  return (
    <section class="card" aria-labelledby="pod">
      <div class="head">
        <h2 id="pod">Pod</h2>
        <ExampleChoice label="Choose an example pod" groups={podExamples} change={change} />
      </div>
      <p class="hint">
        Paste a Pod or an AdmissionReview, as YAML or JSON. A pod that asks for secrets also gets the label
        that Flyte sets.
      </p>
      <YamlEditor label="Pod" text={state.pod} problems={problems} onText={(pod) => change({ pod })} />
      {answer?.kind === 'wrong-pod' ? <p class="problem">{answer.why}</p> : null}
    </section>
  )
}
