import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { printable } from '../../../lib/admission/status.ts'
import type { DescribedManager } from '../../../lib/config/described-manager.ts'
import { alwaysAsked } from '../../../lib/managers/built-in.ts'
import type { Explanation } from '../../preview/explanation.ts'
import type { RequestFields } from '../../preview/readable-request.ts'
import { type FieldName, hintFor, missingIn } from './asked-fields.ts'
import { isServed } from './fixes.ts'

const labels = { group: 'Group', key: 'Key', envVar: 'Variable name', groupVersion: 'Version' } as const

const mounts = ['ANY', 'ENV_VAR', 'FILE'] as const
const mountLabels = { ANY: 'Any (ANY)', ENV_VAR: 'Variable (ENV_VAR)', FILE: 'File (FILE)' } as const

/** The fields of one request (Flyte's `Secret` message), each with its meaning to the configured managers. */
export const RequestRow = ({
  number,
  request,
  managers,
  said,
  isFocused,
  onChange,
  onRemove,
}: {
  readonly number: number
  readonly request: RequestFields
  readonly managers: readonly DescribedManager[]
  /** Undefined if no manager was asked. */
  readonly said: Explanation | undefined
  readonly isFocused: boolean
  readonly onChange: (request: RequestFields) => void
  readonly onRemove: () => void
}): VNode => {
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (isFocused) first.current?.focus()
  }, [isFocused])
  const field = (name: keyof typeof labels): VNode => (
    <label class="field">
      <span>
        <b>{labels[name]}</b> <small>{name === 'envVar' ? '' : hintFor(name, managers)}</small>
      </span>
      <input
        ref={name === 'group' ? first : null}
        value={request[name]}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        onInput={(event) => onChange({ ...request, [name]: event.currentTarget.value })}
      />
    </label>
  )
  return (
    <li>
      <fieldset>
        <legend class="hidden">Secret {number}</legend>
        {field('group')}
        {field('key')}
        <label class="field">
          <b>Deliver as</b>
          <select
            value={request.mountRequirement}
            onChange={(event) => {
              const mount = mounts.find((each) => each === event.currentTarget.value) ?? 'ANY'
              onChange({ ...request, mountRequirement: mount })
            }}
          >
            {mounts.map((mount) => (
              <option key={mount} value={mount}>
                {mountLabels[mount]}
              </option>
            ))}
          </select>
        </label>
        {field('envVar')}
        {field('groupVersion')}
        <button type="button" class="quiet remove" aria-label={`Remove secret ${number}`} onClick={onRemove}>
          Remove
        </button>
        <Standing missing={missingIn(request, managers)} said={said} />
      </fieldset>
    </li>
  )
}

/** Why a row gets no secret. Empty if it gets one. */
const Standing = ({
  missing,
  said,
}: {
  readonly missing: readonly FieldName[]
  readonly said: Explanation | undefined
}): VNode | null => {
  if (missing.length > 0)
    return (
      <p class="hint standing">To ask for it, fill in: {missing.map((name) => labels[name]).join(', ')}.</p>
    )
  if (said === undefined || isServed(said) || 'broken' in said) return null
  const whys = said.asked.flatMap((one) =>
    one.said === 'will inject' || alwaysAsked.includes(one.manager) ? [] : `${one.manager}: ${one.why}`,
  )
  return <p class="problem standing">{printable(`No manager serves it. ${whys.join('; ')}`)}</p>
}
