import { isNonEmpty } from '../../../lib/errors.ts'
import { importConfig } from '../../import/import-config.ts'
import { whatIsPasted } from '../../import/pasted.ts'
import { asksForExample, exampleRequest } from './asked-fields.ts'
import { loadedBy } from './configured.ts'
import type { Notice, State } from './state.ts'

/**
 * Changes the configuration. A pod that asks for nothing but a manager's example then asks for an example of the first manager
 * that is asked now, so that it is served as before.
 */
export const configChange = (state: State, config: string): Partial<State> => {
  const [before, after] = [loadedBy(state.config), loadedBy(config)]
  if (before === undefined || after === undefined || !asksForExample(state, before)) return { config }
  const example = exampleRequest(after)
  return isNonEmpty(example.requests) ? { config, ...example } : { config }
}

/** What replaces a pasted configuration of Flyte, and what the page says of that; undefined where it may be a `webhook.yaml`. */
export const importChange = (
  state: State,
  text: string,
): { readonly fields: Partial<State>; readonly notice: Notice } | undefined => {
  const what = whatIsPasted(text)
  if (what === undefined) return undefined
  const imported = importConfig([{ name: 'the pasted text', text }])
  if (imported.kind === 'nothing')
    return { fields: { config: text }, notice: { text: `${sentence(what)}. ${imported.why.join('. ')}.` } }
  return {
    fields: configChange(state, imported.yaml),
    notice: {
      text: [
        `${sentence(what)}: the page shows the webhook.yaml that flyte-webhook config import makes of it.`,
        ...[...imported.notes, ...imported.problems].map((note) => `${sentence(note)}.`),
      ].join(' '),
      undo: { config: text },
    },
  }
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`
