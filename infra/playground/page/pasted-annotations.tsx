import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { sentenceOf } from '../../failure.ts'
import { valuesIn } from '../../preview/decoded-request.ts'
import type { RequestFields } from '../../preview/readable-request.ts'
import { readSecretRequest } from '../../../lib/request/secret-request.ts'

/** Accepts annotations that ask for secrets, in any form that `flyte-webhook decode` reads. */
export const PastedAnnotations = ({
  onRequests,
}: {
  readonly onRequests: (requests: readonly RequestFields[]) => void
}): VNode => {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState('')
  const add = (): void => {
    const read = requestsIn(text)
    if (typeof read === 'string') {
      setProblem(read)
      return
    }
    setProblem('')
    setText('')
    onRequests(read)
  }
  return (
    <details>
      <summary>Paste annotations</summary>
      <label class="field">
        Annotations or their values, one per line, or a pod with requests
        <textarea
          rows={3}
          spellcheck={false}
          value={text}
          placeholder="flyte.secrets/s0: nnsxsoraejwxsx2lmv3secq"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="button" disabled={text.trim() === ''} onClick={add}>
        Add these
      </button>
      <p class="problem" role="alert">
        {problem}
      </p>
    </details>
  )
}

/** Returns the requests, or why one of them cannot be read. */
const requestsIn = (text: string): readonly RequestFields[] | string => {
  try {
    const requests: RequestFields[] = []
    for (const { annotation, value } of valuesIn(text)) {
      const read = readSecretRequest(annotation, value)
      if (read.kind === 'malformed') return `${annotation}: ${read.why} (at offset ${read.offset})`
      const { annotation: _, ...fields } = read.request
      requests.push(fields)
    }
    return requests
  } catch (error) {
    return sentenceOf(error)
  }
}
