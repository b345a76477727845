import type { NonEmpty } from '../../../lib/errors.ts'

/** Messages that have one cause and one remedy. */
export interface Entry {
  /** What is printed; in angle brackets stands what differs from place to place. */
  readonly says: NonEmpty<string>
  /** The HTTP statuses that it comes with, where that is not 200. */
  readonly http?: readonly number[]
  /** What it means and what it comes from, as Markdown. */
  readonly why: string
  /** What `doctor` itself advises behind the arrow. */
  readonly advises?: readonly string[]
  /** What to do, as Markdown. */
  readonly todo?: string
}

/** Messages that are met in one place. */
export interface Chapter {
  readonly title: string
  /** Where they are met, and how they are put together, as Markdown. */
  readonly intro: string
  readonly entries: NonEmpty<Entry>
}
