import type { VNode } from 'preact'
import { useMemo } from 'preact/hooks'
import type { ConfigProblem } from '../../../lib/config/problem.ts'
import { alwaysAsked } from '../../../lib/managers/built-in.ts'
import { builtConfig } from './built-managers.ts'
import { configuredBy } from './configured.ts'
import { withManagers, withProfile } from './config-text.ts'
import { configExamples, type Example } from './examples.ts'
import { ExampleChoice } from './example-choice.tsx'
import type { ChangeState, State } from './state.ts'
import { YamlEditor } from './yaml-editor.tsx'

interface Props {
  readonly state: State
  readonly change: ChangeState
}

const profiles = ['flyte1', 'flyte2'] as const

/** Those that can be chosen. */
const chosen = (names: readonly string[]): readonly string[] =>
  names.filter((name) => !alwaysAsked.includes(name))

/** The first is the one that the page was built for. */
const examples: readonly Example[] = [
  ...(builtConfig === undefined ? [] : [{ name: 'the configuration of this page', text: builtConfig }]),
  ...configExamples,
]

/** Profile, managers and `webhook.yaml`: the choices write the text, and show what it says. */
export const Configuration = ({ state, change }: Props): VNode => {
  // Without waiting for an outcome: a choice has to show at once.
  const { parsed, definitions } = useMemo(() => configuredBy(state.config), [state.config])
  const managers = chosen(definitions.map(({ name }) => name))
  const config = parsed.kind === 'config' ? parsed.config : undefined
  const asked = chosen(config?.webhook.secretManagerTypes ?? [])
  const toggle = (name: string): void => {
    const next = asked.includes(name) ? asked.filter((each) => each !== name) : [...asked, name]
    change({ config: withManagers(state.config, next) })
  }
  return (
    <section class="card" aria-labelledby="configuration">
      <div class="head">
        <h2 id="configuration">Configuration</h2>
        <ExampleChoice
          label="Example of webhook.yaml"
          examples={examples}
          onChoice={(text) => change({ config: text })}
        />
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
                onChange={() => change({ config: withProfile(state.config, profile) })}
              />
              <span>{profile}</span>
            </label>
          ))}
        </fieldset>
        <fieldset class="segments" disabled={config === undefined}>
          <legend>Managers, asked after {alwaysAsked.join(', ')} in this order</legend>
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
      <YamlEditor
        label="webhook.yaml"
        text={state.config}
        problems={parsed.kind === 'problems' ? parsed.problems : noProblems}
        onText={(config_) => change({ config: config_ })}
      />
      {parsed.kind === 'problems' ? <Lines kind="error" all={parsed.problems} /> : null}
      {parsed.notices.length === 0 ? null : <Lines kind="notice" all={parsed.notices} />}
    </section>
  )
}

const noProblems: readonly ConfigProblem[] = []

/** As `flyte-webhook config check` writes them. */
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
