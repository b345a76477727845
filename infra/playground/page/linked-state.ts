import { useEffect, useState } from 'preact/hooks'
import { builtConfig } from './built-managers.ts'
import { podExamples } from './examples.ts'
import { type ReadFragment, readFragment } from './fragment.ts'
import { type ChangeState, emptyState, type State } from './state.ts'

/** What the page shows without a link. */
const firstState: State = {
  ...emptyState,
  config: builtConfig ?? emptyState.config,
  pod: podExamples[0]?.text ?? '',
  requests: [
    {
      group: 'db-creds',
      groupVersion: '',
      key: 'password',
      mountRequirement: 'ENV_VAR',
      envVar: 'DB_PASSWORD',
    },
  ],
}

/** The state: of the link that the page was opened by, and of each other one that is put into the address bar. */
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
  const change: ChangeState = (fields) => {
    setNotice(undefined)
    setState((before) => ({ ...before, ...fields }))
  }
  return { state, change, notice }
}

/** What the fragment of the page's address holds, where it has one. */
export const readAddress = async (): Promise<ReadFragment | undefined> => {
  const fragment = location.hash.slice(1)
  return fragment === '' ? undefined : readFragment(fragment)
}

const noticeOf = (found: ReadFragment | undefined): string | undefined =>
  found?.kind === 'broken' ? `The link cannot be read: ${found.why}. Shown is another case.` : undefined
