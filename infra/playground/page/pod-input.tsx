import type { VNode } from 'preact'
import { ExampleChoice } from './example-choice.tsx'
import { podExamples } from './examples.ts'
import type { PageAnswer } from './outcome.ts'
import type { ChangeState, State } from './state.ts'
import { YamlEditor } from './yaml-editor.tsx'

const none = [] as const

/** The pod, pasted or chosen. */
export const PodInput = ({
  state,
  answer,
  change,
}: {
  readonly state: State
  readonly answer: PageAnswer | undefined
  readonly change: ChangeState
}): VNode => (
  <section class="card" aria-labelledby="pod">
    <div class="head">
      <h2 id="pod">Pod</h2>
      <ExampleChoice label="Example of a pod" examples={podExamples} onChoice={(pod) => change({ pod })} />
    </div>
    <p class="hint">
      A Pod or an AdmissionReview, as YAML or JSON. With secrets to ask for, it gets the label that Flyte
      sets, too.
    </p>
    <YamlEditor label="Pod" text={state.pod} problems={none} onText={(pod) => change({ pod })} />
    {answer?.kind === 'wrong-pod' ? <p class="problem">{answer.why}</p> : null}
  </section>
)
