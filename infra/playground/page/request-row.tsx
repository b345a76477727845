import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { RequestFields } from '../../preview/readable-request.ts'

const texts = [
  { field: 'group', label: 'group' },
  { field: 'key', label: 'key' },
  { field: 'envVar', label: 'env_var' },
  { field: 'groupVersion', label: 'version' },
] as const satisfies readonly { readonly field: keyof RequestFields; readonly label: string }[]

const mounts = ['ANY', 'ENV_VAR', 'FILE'] as const

/** The fields of one request, by the names of Flyte's `Secret` message. */
export const RequestRow = ({
  number,
  request,
  isFocused,
  onChange,
  onRemove,
}: {
  readonly number: number
  readonly request: RequestFields
  readonly isFocused: boolean
  readonly onChange: (request: RequestFields) => void
  readonly onRemove: () => void
}): VNode => {
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (isFocused) first.current?.focus()
  }, [isFocused])
  return (
    <li>
      <fieldset>
        <legend class="hidden">Secret {number}</legend>
        {texts.map(({ field, label }) => (
          <label key={field} class={`field ${field}`}>
            {label}
            <input
              ref={field === 'group' ? first : null}
              value={request[field]}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              onInput={(event) => onChange({ ...request, [field]: event.currentTarget.value })}
            />
          </label>
        ))}
        <label class="field mount">
          mount
          <select
            value={request.mountRequirement}
            onChange={(event) => {
              const mount = mounts.find((each) => each === event.currentTarget.value) ?? 'ANY'
              onChange({ ...request, mountRequirement: mount })
            }}
          >
            {mounts.map((mount) => (
              <option key={mount}>{mount}</option>
            ))}
          </select>
        </label>
        <button type="button" class="quiet remove" aria-label={`Remove secret ${number}`} onClick={onRemove}>
          Remove
        </button>
      </fieldset>
    </li>
  )
}
