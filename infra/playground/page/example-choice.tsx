import type { VNode } from 'preact'
import type { ExampleGroup } from './examples.ts'
import type { ChangeState } from './state.ts'

/** A list of examples. It returns to its first entry, because a person can change the chosen example at once. */
export const ExampleChoice = ({
  label,
  groups,
  change,
}: {
  readonly label: string
  readonly groups: readonly ExampleGroup[]
  readonly change: ChangeState
}): VNode => {
  const all = groups.flatMap(({ title, examples }) =>
    examples.map((example) => ({ ...example, id: `${title}: ${example.name}` })),
  )
  return (
    <select
      aria-label={label}
      value=""
      onChange={(event) => {
        const chosen = all.find(({ id }) => id === event.currentTarget.value)
        event.currentTarget.value = ''
        if (chosen !== undefined) change(chosen.fields)
      }}
    >
      <option value="">{label}…</option>
      {groups.map(({ title, examples }) => (
        <optgroup key={title} label={title}>
          {examples.map(({ name }) => (
            <option key={name} value={`${title}: ${name}`}>
              {name}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  )
}
