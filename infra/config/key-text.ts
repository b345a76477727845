import type { Styled } from '../text/style.ts'
import { table } from '../text/table.ts'
import type { ExplainedKey } from './explain.ts'

/** Formats a key of `webhook.yaml` for a person, as `kubectl explain` shows a field. */
export const keyText = (explained: ExplainedKey, styled: Styled): string => {
  const head = [
    ...(explained.key === '' ? [] : [['KEY', explained.key]]),
    ['TYPE', explained.type],
    ...('default' in explained ? [['DEFAULT', shown(explained.default)]] : []),
  ]
  const keys = explained.keys.map(({ name, type, description }) => [`  ${name}`, type, description])
  return [
    table(head),
    ...(explained.description === '' ? [] : [explained.description]),
    ...(keys.length === 0 ? [] : [`${styled('bold', 'KEYS')}\n${table(keys)}`]),
  ].join('\n\n')
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
