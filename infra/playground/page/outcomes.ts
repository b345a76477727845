import { useEffect, useState } from 'preact/hooks'
import { type Fix, fixesFor } from './fixes.ts'
import { outcomeOf, type PageOutcome, type Previewed } from './outcome.ts'
import { linkTo } from './linked-state.ts'
import type { State } from './state.ts'

/** What the page shows for a state. */
export interface Outcomes {
  /** Undefined until the first one arrives. */
  readonly outcome: PageOutcome | undefined
  readonly fixes: readonly Fix[]
  /** The latest answer to a configuration and a pod without errors. */
  readonly answer: Previewed | undefined
  /** An error of the page itself, in a sentence. */
  readonly failure: string | undefined
}

/** Browsers allow a page about a hundred changes of its address in half a minute. */
const restMs = 200

/** Returns the outcome of the latest state, and puts its link into the address. Drops a late outcome of an older state. */
export const useOutcomes = (state: State): Outcomes => {
  const [outcomes, setOutcomes] = useState<Outcomes>({
    outcome: undefined,
    fixes: [],
    answer: undefined,
    failure: undefined,
  })
  useEffect(() => {
    const replaced = new AbortController()
    const unlessReplaced = (act: () => void): void => {
      if (!replaced.signal.aborted) act()
    }
    const work = async (): Promise<void> => {
      const outcome = await outcomeOf(state, replaced.signal)
      const fixes = await fixesFor(state, outcome, replaced.signal)
      unlessReplaced(() =>
        setOutcomes(({ answer }) => ({
          outcome,
          fixes,
          answer: outcome.answer?.kind === 'previewed' ? outcome.answer : answer,
          failure: undefined,
        })),
      )
      await new Promise((resolve) => setTimeout(resolve, restMs))
      const link = await linkTo(state)
      unlessReplaced(() => history.replaceState(null, '', link))
    }
    work().catch((error: unknown) =>
      unlessReplaced(() => setOutcomes((before) => ({ ...before, failure: String(error) }))),
    )
    return () => replaced.abort()
  }, [state])
  return outcomes
}
