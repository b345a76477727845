import { builtIn } from '../../../lib/managers/built-in.ts'
import type { VNode } from 'preact'
import { needsSecretsManager } from '../../../lib/secret-managers.ts'
import type { PageOutcome } from './outcome.ts'
import type { ChangeState, State } from './state.ts'

const texts = [
  { field: 'namespace', label: 'Namespace', usual: "the pod's own" },
  { field: 'user', label: 'User who creates the pod', usual: "Flyte's engine" },
  { field: 'cluster', label: 'Calling cluster', usual: 'local' },
] as const

/** The secrets that the function can read itself, and the caller. */
export const Circumstances = ({
  state,
  outcome,
  change,
}: {
  readonly state: State
  readonly outcome: PageOutcome | undefined
  readonly change: ChangeState
}): VNode => {
  const config = outcome?.config.kind === 'config' ? outcome.config.config : undefined
  const isReview = outcome?.podKind === 'AdmissionReview'
  return (
    <section class="card" aria-labelledby="circumstances">
      <h2 id="circumstances">Existing secrets and the caller</h2>
      <p class="hint">
        Global, and Embedded with the type AWS, read values while a pod is admitted. List the secrets that
        they find. The page invents the values, and hides them.
      </p>
      <label class="field">
        Global secrets in the function's environment: group/key, one per line
        <textarea
          rows={2}
          spellcheck={false}
          value={state.globalSecrets}
          placeholder="db-creds/password"
          onInput={(event) => change({ globalSecrets: event.currentTarget.value })}
        />
      </label>
      {config !== undefined && needsSecretsManager(config, builtIn) ? (
        <label class="field">
          Secrets in AWS Secrets Manager: name, or name#key for a key of a JSON secret, one per line
          <textarea
            rows={2}
            spellcheck={false}
            value={state.storedSecrets}
            placeholder="u__org__acme__domain__development__project__flytesnacks__key__password"
            onInput={(event) => change({ storedSecrets: event.currentTarget.value })}
          />
        </label>
      ) : null}
      <div class="row">
        {texts.map(({ field, label, usual }) => (
          <label key={field} class="field">
            {label}
            <input
              value={state[field]}
              placeholder={isReview && field !== 'cluster' ? 'from the AdmissionReview' : usual}
              disabled={isReview && field !== 'cluster'}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => change({ [field]: event.currentTarget.value })}
            />
          </label>
        ))}
      </div>
    </section>
  )
}
