import type { VNode } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import type { RequestFields } from '../../preview/readable-request.ts'
import { askedManagers } from './asked-fields.ts'
import { loadedBy } from './configured.ts'
import type { PageOutcome } from './outcome.ts'
import { PastedAnnotations } from './pasted-annotations.tsx'
import { RequestRow } from './request-row.tsx'
import type { ChangeState, State } from './state.ts'

const newRequest: RequestFields = {
  group: '',
  groupVersion: '',
  key: '',
  mountRequirement: 'ANY',
  envVar: '',
}

/** The secrets that the pod asks for besides its own annotations. */
export const Asking = ({
  state,
  rows,
  change,
}: {
  readonly state: State
  /** The explanation of each row. */
  readonly rows: PageOutcome['rows']
  readonly change: ChangeState
}): VNode => {
  const { requests } = state
  const managers = useMemo(() => {
    const loaded = loadedBy(state.config)
    return loaded === undefined ? [] : askedManagers(loaded)
  }, [state.config])
  const adding = useRef<HTMLButtonElement>(null)
  const [isNew, setNew] = useState(false)
  const put = (index: number, fields: RequestFields): void =>
    change({ requests: requests.map((one, at) => (at === index ? fields : one)) })
  const remove = (index: number): void => {
    setNew(false)
    change({ requests: requests.filter((_, at) => at !== index) })
    adding.current?.focus()
  }
  return (
    <section class="card" aria-labelledby="asking">
      <h2 id="asking">Secrets that the pod asks for</h2>
      <p class="hint">The page adds each to the pod's annotations, as Flyte does.</p>
      <ol class="requests">
        {requests.map((request, index) => (
          <RequestRow
            // Rows have no names, and no state besides their fields.
            key={index}
            number={index + 1}
            request={request}
            managers={managers}
            said={rows[index]}
            isFocused={isNew && index === requests.length - 1}
            onChange={(fields) => put(index, fields)}
            onRemove={() => remove(index)}
          />
        ))}
      </ol>
      <button
        type="button"
        ref={adding}
        onClick={() => {
          setNew(true)
          change({ requests: [...requests, newRequest] })
        }}
      >
        Add a secret
      </button>
      <PastedAnnotations onRequests={(more) => change({ requests: [...requests, ...more] })} />
    </section>
  )
}
