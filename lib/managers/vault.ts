import { defineManager, filesOrBoth, type Host } from '../manager-kit/definition.ts'
import type { NonEmpty } from '../errors.ts'
import { envFileOf, envFileVariables } from '../manager-kit/env-file.ts'
import { makesFilesOnly, needsGroupAndKey } from '../manager-kit/reason.ts'
import { defeatingAnnotations } from './vault-annotations.ts'
import { sha256 } from '../digest.ts'
import type { Want } from '../manager-kit/wants.ts'
import { encodeBase32 } from '../request/base32.ts'
import { filePath, secretsDirectory } from '../request/names.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import {
  fileVariables,
  notMine,
  type PodFacts,
  type Resolution,
  type PureManager,
  whyNoLinuxContainer,
} from '../manager-kit/manager.ts'
import {
  type Annotations,
  commonPathName,
  type Injection,
  injectionInto,
  name,
  type SecretAnnotations,
  whyNotArriving,
} from './vault-injection.ts'
import { secretsVolume } from './vault-injector.ts'
import { noVariableOfDb } from './vault-reasons.ts'
import { envTemplate, goString } from './vault-template.ts'

/** @public docs/troubleshooting.md is made from them. */
export { reasons, unshown } from './vault-reasons.ts'

export interface VaultOptions {
  readonly role: string
  /** Deprecated in Flyte: the KV engine of a request whose `group_version` does not name one. */
  readonly kvVersion: '1' | '2'
  /** Added to every pod that Vault serves; they override the common ones. */
  readonly annotations: Readonly<Record<string, string>>
}

/** `agent-inject-template-` and the id fill the 63 characters that an annotation's name may have. */
const idLength = 41
const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/

/** HashiCorp Vault through the annotations of its Agent Injector (specification §4.6). */
export const vault = defineManager({
  name: 'Vault',
  summary: 'HashiCorp Vault, by annotations for its Agent Injector',
  makes: filesOrBoth,
  reader: 'container',
  asks: {
    group: { means: 'Vault path', example: 'secret/data/db' },
    key: { means: 'key of the secret', example: 'password' },
    groupVersion: { means: 'engine: kv1, kv2 or db', example: 'kv2', isOptional: true },
  },
  section: 'vaultSecretManager',
  sectionHelp: "The manager Vault: annotations for Vault's agent injector.",
  keys: {
    role: { kind: 'text', default: 'flyte', help: 'The Vault role to log in with.' },
    kvVersion: {
      kind: 'oneOf',
      of: ['1', '2'],
      default: '2',
      deprecated: true,
      help: 'Version of the KV engine for requests whose group_version does not name one.',
    },
    annotations: {
      kind: 'annotations',
      refused: defeatingAnnotations,
      help: "Annotations for every pod with Vault secrets. They override this webhook's own.",
    },
  },
  follower: {
    webhooks: /vault/,
    misses: 'its injector does not see the annotations, and no secret arrives',
  },
  trial: () => ({ mount: 'FILE' }),
  create: (options, host) => createVault(options, host),
})

/** Makes the manager. */
export const createVault = (
  options: VaultOptions,
  { envVarPrefix }: Pick<Host, 'envVarPrefix'>,
): PureManager => {
  // A pod may have thousands of annotations and hundreds of requests: this reads its annotations once.
  const injections = new WeakMap<PodFacts, Injection>()
  const injectionOf = (pod: PodFacts): Injection => {
    const injection = injections.get(pod) ?? injectionInto(pod, options.annotations)
    injections.set(pod, injection)
    return injection
  }
  return {
    name: 'Vault',
    resolve(request, pod): Resolution {
      if (request.group === '' || request.key === '') return notMine(needsGroupAndKey)
      const injection = injectionOf(pod)
      const secret =
        request.mountRequirement === 'ENV_VAR'
          ? variableOf(request, pod, { kvVersion: options.kvVersion, envVarPrefix })
          : fileOf(request, options.kvVersion, injection)
      if (secret.kind === 'unusable') return notMine(secret.why)
      const why =
        whyNoLinuxContainer(pod) ?? injection.whyNot ?? whyNotArriving(pod, injection, secret.annotations)
      if (why !== undefined) return notMine(why)
      const annotations = {
        ...secret.annotations.own,
        ...commonAnnotations(options.role),
        ...options.annotations,
      }
      const wants = Object.entries(annotations)
        .filter(([annotation]) => annotation !== commonPathName || !injection.leavesCommonPath)
        .map(([annotation, value]): Want => ({ kind: 'annotation', key: annotation, value, when: 'always' }))
      const first: readonly Want[] = Object.hasOwn(annotations, initFirst.key) ? [] : [initFirst]
      const [main, ...rest] = secret.wants
      return { kind: 'found', wants: [main, ...wants, ...first, ...rest], warnings: secret.warnings }
    },
  }
}

/** How one secret arrives, or why it cannot. */
type VaultSecret =
  | {
      readonly kind: 'secret'
      readonly annotations: SecretAnnotations
      readonly wants: NonEmpty<Want>
      readonly warnings: readonly string[]
    }
  | { readonly kind: 'unusable'; readonly why: string }

const fileOf = (request: SecretRequest, kvVersion: '1' | '2', injection: Injection): VaultSecret => {
  const { group, key } = request
  const path = filePath(group, key)
  if (path.kind === 'unusable') return path
  const template = fileTemplate(request, kvVersion)
  const identity = JSON.stringify(['Vault', group, key, template ?? 'whole'])
  const id = encodeBase32(sha256(identity)).slice(0, idLength)
  const place = { [name(`secret-volume-path-${id}`)]: secretsDirectory }
  const own = secretAnnotations(id, { group, file: `${group.toLowerCase()}/${key.toLowerCase()}`, template })
  const file: Want = { kind: 'file', path: path.absolute, root: secretsDirectory, identity }
  return {
    kind: 'secret',
    annotations: {
      id,
      own: { ...own, ...(injection.isElsewhere ? place : {}) },
      needed: { ...own, ...place, ...ownDelimiters(id) },
      path,
    },
    wants: [file, ...fileVariables(request, path.absolute)],
    warnings: injection.warnings,
  }
}

/** A file of the injector's own volume from which the kubelet reads the variable (specification §4.8). */
const variableOf = (
  request: SecretRequest,
  pod: PodFacts,
  { kvVersion, envVarPrefix }: { readonly kvVersion: '1' | '2'; readonly envVarPrefix: string },
): VaultSecret => {
  if (!pod.envFiles) return { kind: 'unusable', why: makesFilesOnly }
  const data = dataOf(request, kvVersion)
  if (data === undefined) return { kind: 'unusable', why: noVariableOfDb }
  const { group, key } = request
  const envFile = envFileOf(request, envVarPrefix, JSON.stringify(['Vault', group, key, data]))
  const file = `.env/${envFile.id}`
  const own = secretAnnotations(envFile.id, { group, file, template: envTemplate(request, data, envFile) })
  const [discovery, ...variables] = envFileVariables(envFile, envVarPrefix, {
    volumeName: secretsVolume,
    path: file,
  })
  return {
    kind: 'secret',
    annotations: {
      id: envFile.id,
      own,
      // The kubelet would not look for it in another volume.
      needed: {
        ...own,
        [name(`secret-volume-path-${envFile.id}`)]: undefined,
        ...ownDelimiters(envFile.id),
      },
    },
    wants: [discovery, ...variables],
    warnings: [],
  }
}

/** If the agent came after them, init containers of others would start without their secrets. */
const initFirst = {
  kind: 'annotation',
  key: name('agent-init-first'),
  value: 'true',
  when: 'other-init-containers',
} as const

const commonAnnotations = (role: string): Readonly<Record<string, string>> => ({
  [name('agent-inject')]: 'true',
  [commonPathName]: secretsDirectory,
  [name('role')]: role,
  [name('agent-pre-populate-only')]: 'true',
})

/** By default Vault Agent writes `<no value>` for a missing key instead of failing. */
const secretAnnotations = (
  id: string,
  {
    group,
    file,
    template,
  }: { readonly group: string; readonly file: string; readonly template: string | undefined },
): Annotations => ({
  [name(`agent-inject-secret-${id}`)]: group,
  [name(`agent-inject-file-${id}`)]: file,
  ...(template === undefined
    ? {}
    : {
        [name(`agent-inject-template-${id}`)]: template,
        [name(`error-on-missing-key-${id}`)]: 'true',
      }),
})

/** With others than `{{` and `}}` the agent would write a template of this webhook as it stands. */
const ownDelimiters = (id: string): SecretAnnotations['needed'] => ({
  [name(`agent-template-left-delim-${id}`)]: undefined,
  [name(`agent-template-right-delim-${id}`)]: undefined,
})

/** Where Vault Agent's templates have the keys of a secret. The database engine has none: the file holds the whole secret. */
const dataOf = ({ groupVersion }: SecretRequest, kvVersion: '1' | '2'): string | undefined => {
  if (groupVersion === 'db') return undefined
  const version = groupVersion === 'kv1' ? '1' : groupVersion === 'kv2' ? '2' : kvVersion
  return version === '1' ? '.Data' : '.Data.data'
}

const fileTemplate = (request: SecretRequest, kvVersion: '1' | '2'): string | undefined => {
  const { group, key } = request
  const data = dataOf(request, kvVersion)
  if (data === undefined) return undefined
  const value = identifier.test(key) ? `${data}.${key}` : `index ${data} ${goString(key)}`
  return `{{- with secret ${goString(group)} -}}{{ ${value} }}{{- end -}}`
}
