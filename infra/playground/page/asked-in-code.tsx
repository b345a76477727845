import type { VNode } from 'preact'
import { annotationValue } from '../../preview/annotation-value.ts'
import type { Explanation } from '../../preview/explanation.ts'
import type { RequestFields } from '../../preview/readable-request.ts'
import { CodeBlock } from './code-block.tsx'
import { flyteEnvironment, flyteSecret, flytekitSecret, flytekitTask, type PythonRequests } from './python.ts'

interface Asked {
  readonly annotation: string
  readonly fields: RequestFields
}

/** How to ask for the pod's secrets: in the pod itself, and in the code of a task. */
export const AskedInCode = ({ requests }: { readonly requests: readonly Explanation[] }): VNode | null => {
  const asked = requests.flatMap(askedBy)
  if (asked.length === 0) return null
  return (
    <section class="card" aria-labelledby="code">
      <h2 id="code">How a task asks for these secrets</h2>
      <CodeBlock title="Annotations of the pod" code={annotationsOf(asked)} />
      <InPython asked={asked} say={flytekitSecret} whole={flytekitTask} title="flytekit" />
      <InPython asked={asked} say={flyteSecret} whole={flyteEnvironment} title="Flyte 2 SDK" />
    </section>
  )
}

const askedBy = (request: Explanation): readonly Asked[] => {
  if ('broken' in request) return []
  const { annotation, group, group_version, key, mount_requirement, env_var } = request
  return [
    {
      annotation,
      fields: {
        group,
        groupVersion: group_version,
        key,
        mountRequirement: mount_requirement,
        envVar: env_var,
      },
    },
  ]
}

/** Returns the annotations as YAML, in the order of the requests. */
const annotationsOf = (asked: readonly Asked[]): string =>
  asked.map(({ annotation, fields }) => `${annotation}: ${annotationValue(fields) || '""'}`).join('\n')

const InPython = ({
  asked,
  say,
  whole,
  title,
}: {
  readonly asked: readonly Asked[]
  readonly say: (fields: RequestFields) => PythonRequests
  readonly whole: (secrets: readonly string[]) => string
  readonly title: string
}): VNode => {
  const said = asked.map(({ annotation, fields }) => ({ annotation, ...say(fields) }))
  const secrets = said.flatMap((one) => (one.kind === 'expression' ? [one.python] : []))
  return (
    <>
      {secrets.length === 0 ? <h3>{title}</h3> : <CodeBlock title={title} code={whole(secrets)} />}
      {said.map((one) =>
        one.kind === 'impossible' ? (
          <p key={one.annotation} class="hint">
            <code>{one.annotation}</code>: {one.why}.
          </p>
        ) : null,
      )}
    </>
  )
}
