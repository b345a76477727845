import type { NonEmpty } from '../../../lib/errors.ts'
import type { Reason } from '../../../lib/manager-kit/reason.ts'

/** Messages with the same cause and the same remedy. */
export interface Entry extends Pick<Reason, 'says' | 'why'>, Partial<Pick<Reason, 'todo'>> {
  /** The HTTP statuses of the answer, if they differ from 200. */
  readonly http?: readonly number[]
  /** The advice that `doctor` itself prints after the arrow. */
  readonly advises?: readonly string[]
}

/** Messages that a reader meets in the same place. */
export interface Chapter {
  readonly title: string
  /** Markdown that says where the reader meets them and how they are built. */
  readonly intro: string
  readonly entries: NonEmpty<Entry>
}
