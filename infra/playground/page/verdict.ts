import { podDiff } from '../../preview/pod-diff.ts'
import type { Preview } from '../../preview/preview.ts'
import { filesOnlyIn, type Fix, isServed } from './fixes.ts'
import type { PageOutcome } from './outcome.ts'

/** The outcome in a few words, for a headline. */
export interface PageVerdict {
  readonly kind: 'good' | 'neutral' | 'bad'
  readonly title: string
  /** One sentence: what to do, or what the title leaves open. */
  readonly detail: string
}

/** Returns the verdict on an outcome. It can advise the changes in `fixes`. */
export const verdictOf = ({ config, answer }: PageOutcome, fixes: readonly Fix[]): PageVerdict => {
  if (config.kind === 'problems')
    return {
      kind: 'bad',
      title: 'The configuration is invalid',
      detail: `Fix ${counted(config.problems.length, 'problem')} in webhook.yaml: a build refuses it.`,
    }
  if (answer?.kind === 'previewed') return verdictOn(answer.preview, fixes)
  return {
    kind: 'bad',
    title: 'The pod cannot be read',
    detail: `Fix ${answer?.line === undefined ? 'the pod' : `line ${answer.line} of the pod`}: the error is below its text.`,
  }
}

const verdictOn = (preview: Preview, fixes: readonly Fix[]): PageVerdict => {
  const { refused, apart, patch, warnings, requests } = preview
  if (refused !== undefined)
    return {
      kind: 'bad',
      title: `${refused.code === 503 ? 'Unavailable' : 'Denied'} (${refused.code} ${refused.reason})`,
      detail: adviceOn(preview, fixes) ?? refused.message,
    }
  if (apart !== undefined) return { kind: 'neutral', title: 'Allowed, no change', detail: `${apart}.` }
  if (patch.length > 0)
    return {
      kind: 'good',
      title: `Allowed, ${changesIn(preview)}`,
      detail: `The pod gets ${counted(requests.length, 'secret')}, if the store has ${requests.length === 1 ? 'it' : 'them'}.`,
    }
  return {
    kind: 'neutral',
    title: 'Allowed, no change',
    detail: warnings.length > 0 ? 'The warnings say why.' : 'The pod already has what it asks for.',
  }
}

/** Returns what to do about a denial, or undefined if only the denial's own text explains it. */
const adviceOn = (preview: Preview, fixes: readonly Fix[]): string | undefined => {
  const unserved = preview.requests.filter((request) => !isServed(request))
  const isSkipped = unserved.every(
    (request) => 'asked' in request && request.asked.every(({ said }) => said === 'skipped'),
  )
  if (unserved.length === 0 || !isSkipped) return undefined
  const filesOnly = filesOnlyIn(preview)
  const names = unserved.flatMap((request) => ('request' in request ? request.request : []))
  const why =
    filesOnly.length > 0
      ? `${filesOnly.join(' and ')} ${filesOnly.length === 1 ? 'makes' : 'make'} only files here`
      : `No manager serves ${names.join(', ')}`
  const todo = fixes.map(({ label }) => `${label.charAt(0).toLowerCase()}${label.slice(1)}`)
  return `${why}: ${todo.length === 0 ? 'the reasons are below' : todo.join(', or ')}.`
}

/** Counts the lines of the pod that change, for the whole page. */
export const changesIn = ({ before, after }: Pick<Preview, 'before' | 'after'>): string => {
  const lines = podDiff(before, after).slice(2)
  if (lines.length === 0) return 'only hidden values change'
  const added = lines.filter((line) => line.startsWith('+')).length
  const removed = lines.filter((line) => line.startsWith('-')).length
  return `${counted(added, 'line')} added${removed === 0 ? '' : `, ${removed} removed`}`
}

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
