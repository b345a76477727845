import { goBool } from '../../lib/go-bool.ts'
import { isObject } from '../../lib/json.ts'
import { readDocument } from '../../lib/yaml/document.ts'
import type { FlyteProcess } from './flyte-process.ts'

/** A key in a section of any depth, in lower case, as Flyte's loader compares it. */
interface Switch {
  readonly section: string
  readonly key: string
}

/** The webhook runs without writing its registration (flyte v1.16, `flytepropeller/pkg/webhook/entrypoint.go`). */
const unregistered: Switch = { section: 'webhook', key: 'disablecreatemutatingwebhookconfig' }
/** The single process runs without the webhook (flyte v1.16, `cmd/single/start.go`). */
const unstarted: Switch = { section: 'propeller', key: 'disablewebhook' }

/**
 * The keys that each process follows. Flyte 2 always writes its registration (flyte v2, `executor/pkg/webhook/entrypoint.go`).
 */
const switches: Readonly<Record<FlyteProcess, readonly Switch[]>> = {
  webhook: [unregistered],
  binary: [unregistered, unstarted],
  flyte2: [],
}

/**
 * Returns whether its configuration keeps a process from registering Flyte's webhook. `files` maps names to YAML. Flyte reads
 * them in the order of their names, and the last file with a key wins.
 */
export const isSwitchedOff = (
  runs: FlyteProcess,
  files: readonly (readonly [name: string, text: string])[],
): boolean => {
  const sections = files
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, text]) => readDocument(text))
    // A file that Flyte cannot read, such as a template, contains no key.
    .map(({ value, flaws }) => (flaws.length === 0 ? value : undefined))
  return switches[runs].some((one) => {
    const last = sections.flatMap((section) => valuesIn(section, one)).at(-1)
    return goBool(String(last)) === true
  })
}

const valuesIn = (data: unknown, wanted: Switch): readonly unknown[] =>
  entriesOf(data).flatMap(([name, inner]) => [
    ...(name === wanted.section ? entriesOf(inner).filter(([key]) => key === wanted.key) : []).map(
      ([, value]) => value,
    ),
    ...valuesIn(inner, wanted),
  ])

const entriesOf = (data: unknown): readonly (readonly [name: string, value: unknown])[] =>
  isObject(data) ? Object.entries(data).map(([name, value]) => [name.toLowerCase(), value]) : []
