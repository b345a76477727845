import { isObject, type JsonObject } from '../json.ts'

/** The fields of a container that this webhook reads; it leaves all others unchanged. A missing or null list is undefined. */
export interface Container {
  /** The JSON Pointer to the container. */
  readonly pointer: string
  readonly name: string
  readonly command: unknown
  readonly env: readonly EnvVar[] | undefined
  readonly volumeMounts: readonly VolumeMount[] | undefined
  readonly devicePaths: readonly string[]
}

export interface EnvVar extends JsonObject {
  readonly name: string
}

export interface VolumeMount extends JsonObject {
  readonly name: string
  readonly mountPath: string
}

export interface Volume extends JsonObject {
  readonly name: string
}

/** Whether a mount shows its whole volume. */
export const isWhole = (mount: VolumeMount): boolean =>
  (mount['subPath'] ?? '') === '' && (mount['subPathExpr'] ?? '') === ''

/** The fields of a v1 Pod that this webhook reads. */
export interface Pod {
  /** The kind of the object that controls the pod, if the pod names one. */
  readonly ownerKind: string | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** `spec.os.name`: `linux` or `windows`, if the pod sets it. */
  readonly os: string | undefined
  /** Whether the pod as a whole has resources (`spec.resources`), which its containers share. */
  readonly hasOwnResources: boolean
  readonly volumes: readonly Volume[] | undefined
  readonly initContainers: readonly Container[] | undefined
  readonly containers: readonly Container[]
}

/** A pod, or the field (`spec.containers[0].env`) that does not have the type of the Kubernetes API. */
export type ReadPod =
  | { readonly kind: 'pod'; readonly pod: Pod }
  | { readonly kind: 'malformed'; readonly field: string; readonly expected: string }

/** The label by which Flyte's engine requests this webhook (specification §1); its value is `true`. */
export const partLabel = 'inject-flyte-secrets'

/** The annotation of a pod that mirrors a static one of a kubelet (`core/v1`, `MirrorPodAnnotationKey`). */
export const mirrorAnnotation = 'kubernetes.io/config.mirror'

/** Whether a pod has that label. */
export const takesPart = ({ metadata }: JsonObject): boolean =>
  isObject(metadata) && isObject(metadata['labels']) && metadata['labels'][partLabel] === 'true'

/** Reads a v1 Pod from raw JSON (Kubernetes API reference, Pod v1 core). Ignores unknown fields. */
export const readPod = (object: JsonObject): ReadPod => {
  const reader = new Reader()
  const metadata = reader.object(object['metadata'] ?? {}, 'metadata')
  const spec = reader.object(object['spec'], 'spec')
  const pod: Pod = {
    ownerKind: controllerKind(metadata['ownerReferences']),
    labels: reader.texts(metadata['labels'], 'metadata.labels'),
    annotations: reader.texts(metadata['annotations'], 'metadata.annotations'),
    os: osName(spec['os']),
    hasOwnResources: isObject(spec['resources']),
    volumes: reader.named(spec['volumes'], 'spec.volumes'),
    initContainers: reader.containers(spec['initContainers'], 'initContainers'),
    containers: reader.containers(spec['containers'], 'containers') ?? [],
  }
  return reader.problem === undefined ? { kind: 'pod', pod } : { kind: 'malformed', ...reader.problem }
}

const controllerKind = (references: unknown): string | undefined => {
  const owner: unknown = Array.isArray(references) ? references[0] : undefined
  return isObject(owner) && typeof owner['kind'] === 'string' ? owner['kind'] : undefined
}

const osName = (os: unknown): string | undefined =>
  isObject(os) && typeof os['name'] === 'string' ? os['name'] : undefined

/** Reads values as their expected types and remembers the first that has another type. */
class Reader {
  problem: { readonly field: string; readonly expected: string } | undefined

  object(value: unknown, field: string): JsonObject {
    return isObject(value) ? value : this.#wrong(field, 'an object', {})
  }

  texts(value: unknown, field: string): Readonly<Record<string, string>> {
    const object = this.object(value ?? {}, field)
    return Object.values(object).every((text) => typeof text === 'string')
      ? (object as Readonly<Record<string, string>>)
      : this.#wrong(field, 'an object of strings', {})
  }

  named(value: unknown, field: string): readonly (JsonObject & { readonly name: string })[] | undefined {
    if (value === undefined || value === null) return undefined
    if (Array.isArray(value) && value.every(isNamed)) return value
    return this.#wrong(field, 'a list of objects with a name', undefined)
  }

  containers(value: unknown, list: string): readonly Container[] | undefined {
    return this.named(value, `spec.${list}`)?.map((container, index) => {
      const field = `spec.${list}[${index}]`
      return {
        pointer: `/spec/${list}/${index}`,
        name: container.name,
        command: container['command'],
        env: this.named(container['env'], `${field}.env`),
        volumeMounts: this.#mounts(container['volumeMounts'], `${field}.volumeMounts`),
        devicePaths: (this.named(container['volumeDevices'], `${field}.volumeDevices`) ?? []).map((device) =>
          typeof device['devicePath'] === 'string' ? device['devicePath'] : '',
        ),
      }
    })
  }

  #mounts(value: unknown, field: string): readonly VolumeMount[] | undefined {
    const mounts = this.named(value, field)
    if (mounts === undefined || mounts.every(isVolumeMount)) return mounts
    return this.#wrong(field, 'a list of objects with a name and a mountPath', undefined)
  }

  #wrong<T>(field: string, expected: string, instead: T): T {
    this.problem ??= { field, expected }
    return instead
  }
}

const isNamed = (value: unknown): value is JsonObject & { readonly name: string } =>
  isObject(value) && typeof value['name'] === 'string'

const isVolumeMount = (mount: JsonObject & { readonly name: string }): mount is VolumeMount =>
  typeof mount['mountPath'] === 'string'
