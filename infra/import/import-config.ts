import { stringify } from 'yaml'
import { printable } from '../../lib/admission/status.ts'
import { flyte2KeysIn } from '../../lib/config/conflicts.ts'
import type { Profile } from '../../lib/config/config.ts'
import { isObject, type JsonObject } from '../../lib/json.ts'
import { builtIn } from '../../lib/managers/built-in.ts'
import { parseConfig, readWebhookYaml } from '../../lib/webhook-yaml.ts'
import { formatPath, type Path } from '../../lib/yaml/path.ts'
import { mergeLater } from '../../lib/yaml/repeated-section.ts'
import { commented, type Remark } from './commented.ts'
import { documentsOf, plainData } from './documents.ts'
import { type FlyteFile, recognise, type Recognised } from './shapes.ts'

/** A `webhook.yaml`, or the reasons why none was found. */
export type Imported =
  | {
      readonly kind: 'found'
      /** The text of the `webhook.yaml`, with a final line break. */
      readonly yaml: string
      /** Remarks for the operator, a sentence each. */
      readonly notes: readonly string[]
      /** What `config check` refuses in the text, a sentence each. The text has them as comments too. */
      readonly problems: readonly string[]
    }
  | { readonly kind: 'nothing'; readonly why: readonly string[] }

const isSection = (key: string | number | undefined): boolean =>
  key === 'webhook' || key === 'secrets' || key === 'function'

/**
 * Finds Flyte's sections `webhook` and `secrets` in ConfigMaps, Helm values and Flyte's own files, and writes a `webhook.yaml`
 * from them. Merges several sources as Flyte does: the later one wins, key by key. Invalid YAML is wrong usage.
 */
export const importConfig = (sources: readonly FlyteFile[]): Imported => {
  const read = sources.flatMap(documentsOf).map(readSource)
  const elsewhere = read.flatMap((one) => one.elsewhere)
  const files = read.flatMap((one) => one.files).map(readFlyteFile)
  const { merged, replaced } = mergedFrom(files)
  if (Object.keys(merged).length === 0)
    return { kind: 'nothing', why: [...whyNothing(sources, read), ...elsewhere] }
  const profile = profileOf(merged, files)
  const written = { ...merged, function: { ...functionOf(merged), profile } }
  const text = stringify(written, { lineWidth: 0, aliasDuplicateObjects: false })
  const { remarks, problems } = remarksOn(text, written)
  const names = files.filter(({ found }) => Object.keys(found).length > 0).map(({ name }) => printable(name))
  return {
    kind: 'found',
    yaml: commented(text, [`From ${names.join('; ')}.`, ...profileNote(merged, profile)], remarks),
    notes: [...files.flatMap(({ notes }) => notes), ...replaced, ...elsewhere],
    problems,
  }
}

const profileNotes: Readonly<Record<Profile, string>> = {
  flyte1: 'It has no keys of Flyte 2. If your Flyte is version 2, write function.profile: flyte2.',
  flyte2: 'It has keys of Flyte 2. If your Flyte is version 1, write function.profile: flyte1.',
}

/** Says how the profile was detected, unless the source sets it. */
const profileNote = (merged: JsonObject, profile: Profile): readonly string[] =>
  functionOf(merged)['profile'] === undefined ? [profileNotes[profile]] : []

const readSource = (file: FlyteFile): Recognised => {
  const value = plainData(file)
  const isKubernetes = isObject(value) && 'apiVersion' in value && 'kind' in value
  return (
    recognise(value, file) ?? {
      what: '',
      files: isKubernetes || !isObject(value) ? [] : [file],
      elsewhere: [],
    }
  )
}

interface ReadFlyteFile {
  readonly name: string
  /** The non-empty sections of a `webhook.yaml`. */
  readonly found: JsonObject
  /** Whether another section belongs to Flyte 2. */
  readonly isOfFlyte2: boolean
  readonly notes: readonly string[]
}

const readFlyteFile = (file: FlyteFile): ReadFlyteFile => {
  const name = printable(file.name)
  const document = readWebhookYaml(file.text)
  const value = plainData(file, readWebhookYaml)
  const all = isObject(value) ? value : {}
  const found = Object.entries(all).filter(
    ([section, content]) => isSection(section) && isObject(content) && Object.keys(content).length > 0,
  )
  return {
    name,
    found: Object.fromEntries<unknown>(found),
    isOfFlyte2: 'runs' in all,
    notes: document.notices
      .filter(({ path }) => isSection(path[0]))
      .map(({ path, line, message }) => `${name}:${line}: ${formatPath(path)} ${message}`),
  }
}

const mergedFrom = (files: readonly ReadFlyteFile[]) => {
  const replaced: string[] = []
  let merged: JsonObject = {}
  for (const { name, found } of files) {
    const both = mergeLater(merged, found, (path) =>
      replaced.push(`${name}: ${formatPath(path)} overrides an earlier file, as in Flyte`),
    )
    merged = isObject(both) ? both : merged
  }
  return { merged, replaced }
}

const whyNothing = (sources: readonly FlyteFile[], read: readonly Recognised[]): readonly string[] => {
  const what = read.map((one) => one.what).find((one) => one !== '')
  const names = sources.map(({ name }) => printable(name)).join(', ')
  return [
    `${names}: found no section webhook: or secrets:${what === undefined ? '' : ` (${what})`}. Import the ConfigMap that Flyte reads: docs/migrate.md names it`,
  ]
}

const functionOf = (merged: JsonObject): JsonObject =>
  isObject(merged['function']) ? merged['function'] : {}

const profileOf = (merged: JsonObject, files: readonly ReadFlyteFile[]): Profile => {
  const { profile } = functionOf(merged)
  if (profile === 'flyte1' || profile === 'flyte2') return profile
  const isOfFlyte2 = flyte2KeysIn(merged, builtIn).length > 0 || files.some((file) => file.isOfFlyte2)
  return isOfFlyte2 ? 'flyte2' : 'flyte1'
}

/** Returns the keys without effect, what `config check` refuses, and the templates, which only Helm can fill in. */
const remarksOn = (text: string, written: JsonObject) => {
  const document = readWebhookYaml(text)
  const templates = templatesIn(written, []).map((path) => ({
    path: formatPath(path),
    line: document.lineOf(path),
    message: 'is a Helm template: write its value, or import the ConfigMap from the cluster',
  }))
  const parsed = parseConfig(text)
  const found = parsed.kind === 'problems' ? parsed.problems : []
  const problems = [...templates, ...found.filter(({ path }) => templates.every((one) => one.path !== path))]
  const remarks: readonly Remark[] = [
    ...parsed.notices.filter(({ message }) => message.startsWith('has no effect')),
    ...problems.map(({ line, message }) => ({ line, message: `WRONG: ${message}` })),
  ]
  return { remarks, problems: problems.map(({ path, message }) => `${path}: ${message}`) }
}

const templatesIn = (value: unknown, path: Path): readonly Path[] => {
  if (typeof value === 'string') return value.includes('{{') ? [path] : []
  if (Array.isArray(value)) return value.flatMap((item, index) => templatesIn(item, [...path, index]))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => templatesIn(inner, [...path, key]))
}
