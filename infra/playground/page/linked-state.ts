import { useEffect, useState } from 'preact/hooks'
import { firstExample } from './examples.ts'
import { type ReadFragment, readFragment, writeFragment } from './fragment.ts'
import { shareableOf } from './shareable.ts'
import { type ChangeState, emptyState, type Notice, type State } from './state.ts'

/** The initial state without a link. */
const firstState: State = { ...emptyState, ...firstExample.fields }

/** The page's state. It comes from the link that opened the page, and from each link put into the address bar later. */
export const useLinkedState = (linked: ReadFragment | undefined) => {
  const [state, setState] = useState(linked?.kind === 'state' ? linked.state : firstState)
  const [notice, setNotice] = useState(noticeOf(linked))
  useEffect(() => {
    const take = async (): Promise<void> => {
      const found = await readAddress()
      if (found?.kind === 'state') setState(found.state)
      setNotice(noticeOf(found))
    }
    const onChange = (): void => void take()
    addEventListener('hashchange', onChange)
    return () => removeEventListener('hashchange', onChange)
  }, [])
  const change: ChangeState = (fields, said) => {
    setNotice(said)
    setState((before) => ({ ...before, ...fields }))
  }
  return { state, change, notice }
}

/** Reads the fragment of the page's address, if it has one. */
export const readAddress = async (): Promise<ReadFragment | undefined> => {
  const fragment = location.hash.slice(1)
  return fragment === '' ? undefined : readFragment(fragment)
}

/** Returns the page's address with a state. */
export const linkTo = async (state: State): Promise<string> =>
  `${location.href.split('#')[0]}#${await writeFragment(shareableOf(state))}`

const noticeOf = (found: ReadFragment | undefined): Notice | undefined =>
  found?.kind === 'broken'
    ? { text: `The link cannot be read: ${found.why}. The page shows another case instead.` }
    : undefined
