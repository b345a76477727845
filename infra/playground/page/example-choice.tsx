import type { VNode } from 'preact'
import type { Example } from './examples.ts'

/** A choice among texts to begin with. It goes back to its first entry: what was chosen may be changed at once. */
export const ExampleChoice = ({
  label,
  examples,
  onChoice,
}: {
  readonly label: string
  readonly examples: readonly Example[]
  readonly onChoice: (text: string) => void
}): VNode => (
  <select
    aria-label={label}
    value=""
    onChange={(event) => {
      const chosen = examples.find(({ name }) => name === event.currentTarget.value)
      event.currentTarget.value = ''
      if (chosen !== undefined) onChoice(chosen.text)
    }}
  >
    <option value="">Examples…</option>
    {examples.map(({ name }) => (
      <option key={name} value={name}>
        {name}
      </option>
    ))}
  </select>
)
