import type { Preview } from '../../preview/preview.ts'
import type { PageOutcome } from './outcome.ts'

/** The outcome in a few words, for a headline. */
export interface PageVerdict {
  readonly kind: 'good' | 'neutral' | 'bad'
  readonly title: string
  /** In one sentence, what the title leaves open. */
  readonly detail: string
}

export const verdictOf = ({ config, answer }: PageOutcome): PageVerdict => {
  if (config.kind === 'problems')
    return {
      kind: 'bad',
      title: 'The configuration is wrong',
      detail: `webhook.yaml has ${counted(config.problems.length, 'problem')}: a build would refuse it.`,
    }
  if (answer?.kind === 'previewed') return verdictOn(answer.preview)
  return { kind: 'bad', title: 'The pod cannot be read', detail: answer?.why ?? '' }
}

const verdictOn = ({ refused, apart, patch, warnings, requests }: Preview): PageVerdict => {
  if (refused !== undefined)
    return {
      kind: 'bad',
      title: `${refused.code === 503 ? 'Unavailable' : 'Denied'} (${refused.code} ${refused.reason})`,
      detail: refused.message,
    }
  if (apart !== undefined) return { kind: 'neutral', title: 'Allowed, no change', detail: `${apart}.` }
  if (patch.length > 0)
    return {
      kind: 'good',
      title: `Allowed, with ${counted(patch.length, 'change')}`,
      detail: `Will inject ${counted(requests.length, 'secret')}; existence not checked.`,
    }
  return {
    kind: 'neutral',
    title: 'Allowed, no change',
    detail: warnings.length > 0 ? 'The warnings say why.' : 'The pod has all that it asks for already.',
  }
}

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
