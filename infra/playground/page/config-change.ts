import { isNonEmpty } from '../../../lib/errors.ts'
import { sentenceOf } from '../../failure.ts'
import { importConfig } from '../../import/import-config.ts'
import { whatIsPasted } from '../../import/pasted.ts'
import { asksForExample, exampleRequest } from './asked-fields.ts'
import { loadedBy } from './configured.ts'
import type { Notice, State } from './state.ts'

/**
 * Changes the configuration. If the pod asks only for a manager's example, it then asks for an example of the first manager
 * in the new configuration, so that it is still served.
 */
export const configChange = (state: State, config: string): Partial<State> => {
  const [before, after] = [loadedBy(state.config), loadedBy(config)]
  if (before === undefined || after === undefined || !asksForExample(state, before)) return { config }
  const example = exampleRequest(after)
  return isNonEmpty(example.requests) ? { config, ...example } : { config }
}

/** The changes after pasting a text, and the page's notice about it. */
interface Pasted {
  readonly fields: Partial<State>
  readonly notice: Notice
}

/** Imports a pasted configuration of Flyte. Returns undefined if the text may be a `webhook.yaml`. */
export const importChange = (state: State, text: string): Pasted | undefined => {
  const what = whatIsPasted(text)
  return what === undefined ? undefined : imported(state, text, sentence(what))
}

const imported = (state: State, text: string, what: string): Pasted => {
  const nothing = (why: string): Pasted => ({
    fields: { config: text },
    notice: { text: `${what}. ${why}.` },
  })
  try {
    const found = importConfig([{ name: 'the pasted text', text }])
    if (found.kind === 'nothing') return nothing(found.why.map(sentence).join('. '))
    const notes = [...found.notes, ...found.problems].map((note) => ` ${sentence(note)}.`)
    return {
      fields: configChange(state, found.yaml),
      notice: {
        text: `${what}: the page shows the webhook.yaml that flyte-webhook config import creates from it.${notes.join('')}`,
        undo: { ...state, config: text },
      },
    }
  } catch (error) {
    return nothing(sentenceOf(error))
  }
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`
