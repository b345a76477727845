import { stringify } from 'yaml'
import { deploymentSettings } from '../../lib/config/unknown-key.ts'
import { isObject, type JsonObject } from '../../lib/json.ts'
import { readDocument } from '../../lib/yaml/document.ts'

/** One of the files that Flyte itself reads, wherever it was found. */
export interface FlyteFile {
  /** Its origin, for messages: `ConfigMap flyte/flyte-propeller-config, core.yaml`. */
  readonly name: string
  readonly text: string
}

/** A YAML document that can hold Flyte's configuration. */
export interface Recognised {
  /** A whole sentence: `these are Helm values of flyte-core`. */
  readonly what: string
  /** In the order in which Flyte merges them. */
  readonly files: readonly FlyteFile[]
  /** Where to find more of the configuration, a sentence each. */
  readonly elsewhere: readonly string[]
}

/**
 * Recognises a document by its content; undefined for any other. `text` is the document as written, and `name` is its origin.
 * Sources: `charts/flyte-core` and `charts/flyte-binary` of Flyte (`values.yaml`, `templates/configmap.yaml`,
 * `templates/propeller/configmap.yaml`).
 */
export const recognise = (value: unknown, { name, text }: FlyteFile): Recognised | undefined => {
  if (!isObject(value)) return undefined
  return (
    ofKubernetes(value) ?? ofHelm(value, name) ?? ofNestedHelm(value, name) ?? ofFlyte(value, { name, text })
  )
}

const ofKubernetes = (value: JsonObject): Recognised | undefined => {
  if (Array.isArray(value['items'])) {
    const inside = value['items'].filter(isObject).flatMap((item) => ofKubernetes(item) ?? [])
    if (inside.length === 0) return undefined
    const files = inside.flatMap((one) => one.files)
    return { what: 'this is a list with ConfigMaps', files, elsewhere: [] }
  }
  if (value['kind'] !== 'ConfigMap') return undefined
  return { what: 'this is a ConfigMap', files: filesOfConfigMap(value), elsewhere: [] }
}

/** Flyte starts with `--config /etc/flyte/config/*.yaml`, and a glob is sorted by name. */
const filesOfConfigMap = ({ metadata, data }: JsonObject): readonly FlyteFile[] => {
  const { namespace, name } = isObject(metadata) ? metadata : {}
  const object = [namespace, name].filter((part) => typeof part === 'string').join('/')
  return Object.entries(isObject(data) ? data : {})
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, text]) =>
      typeof text === 'string' && /\.ya?ml$/.test(key) ? [{ name: `ConfigMap ${object}, ${key}`, text }] : [],
    )
}

const ofHelm = (value: JsonObject, name: string): Recognised | undefined =>
  ofFlyteCore(value, name) ?? ofFlyteBinary(value, name)

/** Each key of `configmap` becomes a file of Flyte. The section `webhook` next to it configures the Deployment. */
const ofFlyteCore = (value: JsonObject, name: string): Recognised | undefined => {
  const { configmap } = value
  if (!isObject(configmap) && !isOfDeployment(value)) return undefined
  return {
    what: isObject(configmap)
      ? 'these are Helm values of flyte-core'
      : 'these are settings of the Deployment in Helm values of flyte-core',
    files: filesOf(isObject(configmap) ? configmap : {}, `${name}, configmap`),
    elsewhere: [],
  }
}

/**
 * Whether the section `webhook` configures only the Deployment. Next to a section `function`, these keys are in a `webhook.yaml`.
 */
export const isOfDeployment = ({ webhook, function: ours }: JsonObject): boolean =>
  ours === undefined &&
  isObject(webhook) &&
  Object.keys(webhook).length > 0 &&
  Object.keys(webhook).every((key) => deploymentSettings.includes(key))

const ofFlyteBinary = ({ configuration }: JsonObject, name: string): Recognised | undefined => {
  if (!isObject(configuration) || !binarySettings.some((key) => key in configuration)) return undefined
  const { inline } = configuration
  return {
    what: 'these are Helm values of flyte-binary',
    files: isObject(inline) ? filesOf({ inline }, `${name}, configuration`) : [],
    elsewhere: [
      ...references(configuration, ['externalConfigMap', 'inlineConfigMap'], 'ConfigMap'),
      ...references(configuration, ['externalSecretRef', 'inlineSecretRef'], 'Secret'),
    ],
  }
}

/** Keys below `configuration` that identify values of flyte-binary. */
const binarySettings = [
  'auth',
  'database',
  'externalConfigMap',
  'externalSecretRef',
  'inline',
  'inlineConfigMap',
  'inlineSecretRef',
  'logging',
  'storage',
]

const references = (
  configuration: JsonObject,
  keys: readonly string[],
  kind: 'ConfigMap' | 'Secret',
): readonly string[] =>
  keys.flatMap((key) => {
    const referred = configuration[key]
    if (typeof referred !== 'string' || referred === '') return []
    const todo = kind === 'ConfigMap' ? 'import it too, with --configmap' : 'add its keys for the webhook'
    return [`configuration.${key} names the ${kind} ${referred}, which Flyte also reads: ${todo}`]
  })

/**
 * A chart that depends on one of Flyte's charts has that chart's values below its name or alias, among those of other charts.
 * Objects of Flux and Argo CD have them deeper, Argo CD also as text. Next to a section `function`, all keys are those of a
 * `webhook.yaml`.
 */
const ofNestedHelm = (value: JsonObject, name: string): Recognised | undefined => {
  if ('function' in value) return undefined
  const found = Object.entries(value).flatMap(([key, content]) => {
    const inner =
      typeof content === 'string' && content.includes('\n') ? readDocument(content).value : content
    return isObject(inner)
      ? (ofHelm(inner, `${name}, ${key}`) ?? ofNestedHelm(inner, `${name}, ${key}`) ?? [])
      : []
  })
  const main = found.find(({ files }) => files.length > 0) ?? found[0]
  return (
    main && {
      what: main.what,
      files: found.flatMap(({ files }) => files),
      elsewhere: found.flatMap(({ elsewhere }) => elsewhere),
    }
  )
}

/** Sections that only Flyte's own files have next to the webhook's. A `webhook.yaml` has none of them. */
const sectionsOfFlyte = [
  'admin',
  'catalog-cache',
  'logger',
  'manager',
  'plugins',
  'propeller',
  'runs',
  'storage',
  'task_resources',
  'tasks',
]

const ofFlyte = (value: JsonObject, file: FlyteFile): Recognised | undefined =>
  sectionsOfFlyte.some((section) => section in value)
    ? { what: 'this is a configuration file of Flyte', files: [file], elsewhere: [] }
    : undefined

const filesOf = (files: JsonObject, name: string): readonly FlyteFile[] =>
  Object.entries(files)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .filter(([, content]) => isObject(content))
    .map(([key, content]) => ({ name: `${name}.${key}`, text: stringify(content) }))
