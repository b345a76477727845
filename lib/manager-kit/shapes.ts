import { isObject } from '../json.ts'

/** Whether a value has a type of the kit at run time: JavaScript has no compiler to check it. */
type Shape = (value: unknown) => boolean

const text: Shape = (value) => typeof value === 'string'
const object: Shape = isObject
const word =
  (...words: readonly unknown[]): Shape =>
  (value) =>
    words.includes(value)
const someOf =
  (of: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.length > 0 && Array.from(value).every(of)
const fields =
  (needed: Readonly<Record<string, Shape>>, optional: Readonly<Record<string, Shape>> = {}): Shape =>
  (value) =>
    isObject(value) &&
    Object.entries(needed).every(([name, shape]) => shape(value[name])) &&
    Object.entries(optional).every(([name, shape]) => value[name] === undefined || shape(value[name]))
const byKind =
  (kinds: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    isObject(value) &&
    typeof value['kind'] === 'string' &&
    Object.hasOwn(kinds, value['kind']) &&
    kinds[value['kind']]?.(value) === true
const oneOf =
  (...shapes: readonly Shape[]): Shape =>
  (value) =>
    shapes.some((shape) => shape(value))

const item = fields({ key: text, path: text })
const secretKey = fields({ name: text, key: text })
const source = byKind({
  literal: fields({ value: text }),
  secretKeyRef: secretKey,
  fileKeyRef: fields({ volumeName: text, path: text, key: text }),
})
const variable = oneOf(
  fields({ name: text, value: text }),
  fields({ name: text, valueFrom: fields({ secretKeyRef: secretKey }) }),
)
const privateVolume = byKind({
  memory: fields({ name: text }),
  secret: fields({ name: text, secretName: text, items: someOf(item) }),
})
const step = fields(
  {},
  { command: someOf(text), args: someOf(text), env: someOf(variable), volumes: someOf(privateVolume) },
)

/** Whether this has the shape of a want. The rules of all wants decide whether it is allowed. */
export const isWant: Shape = byKind({
  variable: fields({ name: text, sources: someOf(source) }),
  file: fields({ path: text, root: text, identity: text }),
  secretVolume: fields({ name: text, secretName: text, mountPath: text, item }),
  volume: fields({ name: text, mountPath: text, source: object }),
  fetch: fields({ identity: text, name: text, mountPath: text, step }),
  envFile: fields({ identity: text, step }),
  annotation: fields({ key: text, value: text, when: word('always', 'other-init-containers') }),
})

/** Whether these have the shape of init containers. */
export const arePullContainers: Shape = someOf(
  fields(
    {
      name: text,
      image: (value) => text(value) && value !== '',
      resources: object,
      volumeMounts: someOf(fields({ name: text, mountPath: text }, { readOnly: word(true) })),
    },
    {
      command: someOf(text),
      env: someOf(variable),
      securityContext: object,
      privateVolumes: someOf(privateVolume),
    },
  ),
)
