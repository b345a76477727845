import { defineManager } from '../manager-kit/definition.ts'
import { needsGroupAndKey } from '../manager-kit/reason.ts'
import { defeatingAnnotations } from './vault-annotations.ts'
import { sha256 } from '../digest.ts'
import type { Want } from '../manager-kit/wants.ts'
import { encodeBase32 } from '../request/base32.ts'
import { secretsDirectory } from '../request/names.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import {
  fileOnly,
  fileVariables,
  notMine,
  type PodFacts,
  type Resolution,
  type PureManager,
  whyNoLinuxContainer,
} from '../manager-kit/manager.ts'
import { type Injection, injectionInto, name, whyNotArriving } from './vault-injection.ts'

/** @public docs/troubleshooting.md is made of them. */
export { reasons, unshown } from './vault-reasons.ts'

export interface VaultOptions {
  readonly role: string
  /** Deprecated in Flyte: the KV engine of a request whose `group_version` names none. */
  readonly kvVersion: '1' | '2'
  /** Added to every pod that Vault serves; they override the common ones. */
  readonly annotations: Readonly<Record<string, string>>
}

/** `agent-inject-template-` and the id fill the 63 characters that the name of an annotation may have. */
const idLength = 41
const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/

/** HashiCorp Vault by the annotations of its Agent Injector (specification §4.6). */
export const vault = defineManager({
  name: 'Vault',
  summary: 'HashiCorp Vault, by annotations for its Agent Injector',
  makes: 'files',
  reader: 'container',
  section: 'vaultSecretManager',
  sectionHelp: "The manager Vault: annotations for Vault's agent injector.",
  keys: {
    role: { kind: 'text', default: 'flyte', help: 'The Vault role to log in with.' },
    kvVersion: {
      kind: 'oneOf',
      of: ['1', '2'],
      default: '2',
      deprecated: true,
      help: 'Version of the KV engine for requests whose group_version names none.',
    },
    annotations: {
      kind: 'annotations',
      refused: defeatingAnnotations,
      help: "Annotations for every pod with Vault secrets; they win over this webhook's own.",
    },
  },
  follower: {
    webhooks: /vault/,
    misses: 'its injector does not see the annotations, and no secret arrives',
  },
  trial: () => ({ mount: 'FILE' }),
  create: (options) => createVault(options),
})

/** Makes the manager. */
export const createVault = (options: VaultOptions): PureManager => {
  // A pod may have thousands of annotations and hundreds of requests: its annotations are read once.
  const injections = new WeakMap<PodFacts, Injection>()
  const injectionOf = (pod: PodFacts): Injection => {
    const injection = injections.get(pod) ?? injectionInto(pod, options.annotations)
    injections.set(pod, injection)
    return injection
  }
  return {
    name: 'Vault',
    resolve(request, pod): Resolution {
      const { group, key } = request
      if (group === '' || key === '') return notMine(needsGroupAndKey)
      const path = fileOnly(request, group, key)
      if (path.kind === 'unusable') return notMine(path.why)
      const template = templateOf(request, options.kvVersion)
      const identity = JSON.stringify(['Vault', group, key, template ?? 'whole'])
      const id = encodeBase32(sha256(identity)).slice(0, idLength)
      const perSecret = secretAnnotations(request, template, id)
      const place = { [name(`secret-volume-path-${id}`)]: secretsDirectory }
      const injection = injectionOf(pod)
      const why =
        whyNoLinuxContainer(pod) ??
        injection.whyNot ??
        whyNotArriving(pod, injection, { id, path, annotations: { ...perSecret, ...place } })
      if (why !== undefined) return notMine(why)
      const file: Want = { kind: 'file', path: path.absolute, root: secretsDirectory, identity }
      const annotations = {
        ...perSecret,
        ...(injection.isElsewhere ? place : {}),
        ...commonAnnotations(options.role, injection),
        ...options.annotations,
      }
      const wants = Object.entries(annotations).map(
        ([annotation, value]): Want => ({ kind: 'annotation', key: annotation, value, when: 'always' }),
      )
      const first: readonly Want[] = Object.hasOwn(annotations, initFirst.key) ? [] : [initFirst]
      return {
        kind: 'found',
        wants: [file, ...wants, ...first, ...fileVariables(request, path.absolute)],
        warnings: injection.warnings,
      }
    },
  }
}

/** Init containers that are not this webhook's would start without their secrets if the agent came after them. */
const initFirst = {
  kind: 'annotation',
  key: name('agent-init-first'),
  value: 'true',
  when: 'other-init-containers',
} as const

const commonAnnotations = (
  role: string,
  { leavesCommonPath }: Injection,
): Readonly<Record<string, string>> => ({
  [name('agent-inject')]: 'true',
  ...(leavesCommonPath ? {} : { [name('secret-volume-path')]: secretsDirectory }),
  [name('role')]: role,
  [name('agent-pre-populate-only')]: 'true',
})

/** Vault Agent writes `<no value>` for a missing key unless it is told to fail. */
const secretAnnotations = (
  { group, key }: SecretRequest,
  template: string | undefined,
  id: string,
): Readonly<Record<string, string>> => ({
  [name(`agent-inject-secret-${id}`)]: group,
  [name(`agent-inject-file-${id}`)]: `${group.toLowerCase()}/${key.toLowerCase()}`,
  ...(template === undefined
    ? {}
    : {
        [name(`agent-inject-template-${id}`)]: template,
        [name(`error-on-missing-key-${id}`)]: 'true',
      }),
})

/** The Vault Agent template that writes one key of the secret, or none for the database engine: all of it is wanted. */
const templateOf = (
  { group, groupVersion, key }: SecretRequest,
  kvVersion: '1' | '2',
): string | undefined => {
  if (groupVersion === 'db') return undefined
  const version = groupVersion === 'kv1' ? '1' : groupVersion === 'kv2' ? '2' : kvVersion
  const data = version === '1' ? '.Data' : '.Data.data'
  const value = identifier.test(key) ? `${data}.${key}` : `index ${data} ${goString(key)}`
  return `{{- with secret ${goString(group)} -}}{{ ${value} }}{{- end -}}`
}

const goEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

/** A Go string literal as `strconv.Quote` writes it: what is not printable in Go's sense is escaped. */
const goString = (text: string): string =>
  `"${text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => goEscapes[character] ?? goEscape(character))}"`

const goEscape = (character: string): string => {
  const point = character.codePointAt(0) ?? 0
  const hex = point.toString(16)
  if (point < 0x80) return `\\x${hex.padStart(2, '0')}`
  return point < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
