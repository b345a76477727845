import type { VNode } from 'preact'
import { useMemo } from 'preact/hooks'
import { noServer } from '../../../lib/config/notices.ts'
import type { ConfigProblem } from '../../../lib/config/problem.ts'
import { alwaysAsked } from '../../../lib/managers/built-in.ts'
import { configChange, importChange } from './config-change.ts'
import { configuredBy } from './configured.ts'
import { withManagers, withProfile } from './config-text.ts'
import { caseExamples } from './examples.ts'
import { ExampleChoice } from './example-choice.tsx'
import type { ChangeState, State } from './state.ts'
import { counted } from './verdict.ts'
import { YamlEditor } from './yaml-editor.tsx'

interface Props {
  readonly state: State
  readonly change: ChangeState
}

const profiles = ['flyte1', 'flyte2'] as const

/** Returns the managers that can be chosen. */
const chosen = (names: readonly string[]): readonly string[] =>
  names.filter((name) => !alwaysAsked.includes(name))

/** Profile, managers and `webhook.yaml`. The choices change the text, and reflect it. */
export const Configuration = ({ state, change }: Props): VNode => {
  // Does not wait for an outcome: a choice must show at once.
  const { parsed, definitions } = useMemo(() => configuredBy(state.config), [state.config])
  const managers = chosen(definitions.map(({ name }) => name))
  const config = parsed.kind === 'config' ? parsed.config : undefined
  const asked = chosen(config?.webhook.secretManagerTypes ?? [])
  const toggle = (name: string): void => {
    const next = asked.includes(name) ? asked.filter((each) => each !== name) : [...asked, name]
    change(configChange(state, withManagers(state.config, next)))
  }
  const write = (text: string, isPasted: boolean): void => {
    const imported = isPasted ? importChange(state, text) : undefined
    if (imported === undefined) change({ config: text })
    else change(imported.fields, imported.notice)
  }
  return (
    <section class="card" aria-labelledby="configuration">
      <div class="head">
        <h2 id="configuration">Configuration</h2>
        <ExampleChoice label="Start from an example" groups={caseExamples} change={change} />
      </div>
      <div class="choices">
        <fieldset class="segments" disabled={config === undefined}>
          <legend>Profile</legend>
          {profiles.map((profile) => (
            <label key={profile}>
              <input
                type="radio"
                name="profile"
                checked={config?.function.profile === profile}
                onChange={() => change(configChange(state, withProfile(state.config, profile)))}
              />
              <span>{profile}</span>
            </label>
          ))}
        </fieldset>
        <fieldset class="segments" disabled={config === undefined}>
          <legend>Managers, in the order in which they are asked (after {alwaysAsked.join(', ')})</legend>
          {managers.map((name) => (
            <label key={name}>
              <input type="checkbox" checked={asked.includes(name)} onChange={() => toggle(name)} />
              <span>
                {name}
                {asked.includes(name) ? <b>{asked.indexOf(name) + 1}</b> : null}
              </span>
            </label>
          ))}
        </fieldset>
      </div>
      <p class="hint">
        Paste your <code>webhook.yaml</code>, or the ConfigMap or Helm values of Flyte.
      </p>
      <YamlEditor
        label="webhook.yaml"
        text={state.config}
        problems={parsed.kind === 'problems' ? parsed.problems : noProblems}
        onText={write}
      />
      {parsed.kind === 'problems' ? <Lines kind="error" all={parsed.problems} /> : null}
      <Notices all={parsed.notices} />
    </section>
  )
}

const noProblems: readonly ConfigProblem[] = []

/** Folds the keys of Flyte's own server into one line: a configuration of Flyte has many of them. */
const Notices = ({ all }: { readonly all: readonly ConfigProblem[] }): VNode => {
  const ofServer = all.filter(({ message }) => message === noServer)
  const others = all.filter(({ message }) => message !== noServer)
  return (
    <>
      {others.length === 0 ? null : <Lines kind="notice" all={others} />}
      {ofServer.length === 0 ? null : (
        <details>
          <summary>{counted(ofServer.length, 'key')} of Flyte's own server without effect here</summary>
          <Lines kind="notice" all={ofServer} />
        </details>
      )}
    </>
  )
}

/** Shows problems in the format of `flyte-webhook config check`. */
const Lines = ({ kind, all }: { readonly kind: string; readonly all: readonly ConfigProblem[] }): VNode => (
  <ul class={`lines ${kind}`}>
    {all.map(({ path, line, message }) => (
      <li key={`${line} ${path} ${message}`}>
        <code>{line === undefined ? 'webhook.yaml' : `webhook.yaml:${line}`}</code>{' '}
        {kind === 'error' ? [path, message].filter((part) => part !== '').join(': ') : `${path} ${message}`}
      </li>
    ))}
  </ul>
)
