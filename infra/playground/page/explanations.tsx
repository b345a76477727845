import type { VNode } from 'preact'
import { printable } from '../../../lib/admission/status.ts'
import {
  type Explanation,
  fromFile,
  type Gives,
  type ManagerSaid,
  withWayOut,
} from '../../preview/explanation.ts'
import { counted } from './verdict.ts'

/** What each manager said about each request. */
export const Explanations = ({ requests }: { readonly requests: readonly Explanation[] }): VNode | null =>
  requests.length === 0 ? null : (
    <section class="card" aria-labelledby="why">
      <h2 id="why">Why</h2>
      <p class="hint">The page cannot reach a store, so it does not check that a secret exists.</p>
      <ol class="explanations">
        {requests.map((request) => (
          <li key={request.annotation}>
            <Explained request={request} />
          </li>
        ))}
      </ol>
    </section>
  )

const Explained = ({ request }: { readonly request: Explanation }): VNode => {
  const title = (
    <h3>
      {printable(request.annotation)} {'broken' in request ? null : <code>{request.request}</code>}
    </h3>
  )
  if ('broken' in request)
    return (
      <>
        {title}
        <p class="problem">The annotation cannot be read: {request.broken}</p>
      </>
    )
  return (
    <>
      {title}
      <dl>
        {request.asked.map((said) => (
          <div key={said.manager} class="said">
            <dt>{said.manager}</dt>
            <dd>
              <span class={`badge ${said.said.replace(' ', '-')}`}>{said.said}</span> <Words said={said} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

const Words = ({ said }: { readonly said: ManagerSaid }): VNode => {
  switch (said.said) {
    case 'will inject':
      return <Given gives={said} />
    case 'skipped':
      return <span>{printable(withWayOut(said))}</span>
    case 'failed':
      return <span>{printable(said.why)}</span>
  }
}

const Given = ({
  gives: { variables, variablesFromFiles, files, annotations, byInitContainer },
}: {
  readonly gives: Gives
}): VNode => (
  <ul class="given">
    {files.map((file) => (
      <li key={file}>
        file <code>{printable(file)}</code>
        {byInitContainer ? ', created by an init container' : ''}
      </li>
    ))}
    {variables.map((variable) => (
      <li key={variable}>
        variable <code>{printable(variable)}</code>
        {variablesFromFiles.includes(variable) ? `, ${fromFile}` : ''}
      </li>
    ))}
    {annotations.length === 0 ? null : <li>{counted(annotations.length, 'annotation')} for Vault's agent</li>}
  </ul>
)
