import type { NonEmpty } from '../../../lib/errors.ts'
import type { Reason } from '../../../lib/manager-kit/reason.ts'

/** Messages that have one cause and one remedy. */
export interface Entry extends Pick<Reason, 'says' | 'why'>, Partial<Pick<Reason, 'todo'>> {
  /** The HTTP statuses that it comes with, where that is not 200. */
  readonly http?: readonly number[]
  /** What `doctor` itself advises behind the arrow. */
  readonly advises?: readonly string[]
}

/** Messages that are met in one place. */
export interface Chapter {
  readonly title: string
  /** Where they are met, and how they are put together, as Markdown. */
  readonly intro: string
  readonly entries: NonEmpty<Entry>
}
