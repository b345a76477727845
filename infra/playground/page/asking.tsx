import type { VNode } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { RequestFields } from '../../preview/readable-request.ts'
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
export const Asking = ({ state, change }: { readonly state: State; readonly change: ChangeState }): VNode => {
  const { requests } = state
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
      <h2 id="asking">Secrets to ask for</h2>
      <p class="hint">Each is written into the pod as an annotation, after those that the pod has.</p>
      <ol class="requests">
        {requests.map((request, index) => (
          <RequestRow
            // Rows have no names of their own, and hold nothing that their fields do not.
            key={index}
            number={index + 1}
            request={request}
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
