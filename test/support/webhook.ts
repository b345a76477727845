import { builtIn } from '../../lib/managers/built-in.ts'
import type { AnyDefinition } from '../../lib/managers/any-definition.ts'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createCallerCheck, type IdentifyCaller } from '../../lib/caller/caller.ts'
import type { Config } from '../../lib/config/config.ts'
import { parseConfig } from '../../lib/webhook-yaml.ts'
import type { AnswerCall } from '../../lib/gateway/handler.ts'
import { type CreateSecretSource, createAwsValues } from '../../lib/aws-values.ts'
import type { FileSystem } from '../../lib/stores/files.ts'
import type { RequestRecord } from '../../lib/telemetry/request-record.ts'
import { createWebhook } from '../../lib/webhook.ts'
import { annotationOf } from './annotation.ts'
import type { Json } from './pods.ts'

/** Resolves a configuration from the text of a webhook.yaml. */
export const configOf = (yaml: string): Config => {
  const parsed = parseConfig(yaml)
  if (parsed.kind === 'problems') throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
  return parsed.config
}

/** Resolves a configuration from the sections of a webhook.yaml. JSON is valid YAML. */
export const configFrom = (sections: object): Config => configOf(JSON.stringify(sections))

/** A file system with only these files, path → content. */
export const filesAre = (files: Readonly<Record<string, string | Uint8Array>>): FileSystem => ({
  exists: () => true,
  readFile: async (path) => {
    const content = files[path]
    if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    return typeof content === 'string' ? new TextEncoder().encode(content) : content
  },
})

export interface World {
  readonly config?: Config
  /** The managers that the configuration can name. Default: those of this project. */
  readonly definitions?: readonly AnyDefinition[]
  readonly environment?: Readonly<Record<string, string>>
  readonly fileSystem?: FileSystem
  readonly identifyCaller?: IdentifyCaller
  readonly createSecretSource?: CreateSecretSource
}

const token = 'token'

/** The path that `call` uses. The default caller check accepts it. */
const path = `/local/${token}/mutate--v1-pod`

const noSecrets: CreateSecretSource = () => ({ fetch: () => Promise.resolve({ kind: 'absent' }) })

/** Creates a webhook in its own world, with the records of its calls. */
export const webhookIn = (world: World) => {
  const records: RequestRecord[] = []
  const { config = configOf(''), definitions = builtIn, createSecretSource = noSecrets, ...ports } = world
  const { answer } = createWebhook(config, definitions, {
    identifyCaller: createCallerCheck({ tokenSha256: { local: [sha256Hex(token)] }, anonymous: false }),
    environment: {},
    fileSystem: filesAre({}),
    clock: () => performance.now(),
    version: '1.2.3',
    awsValues: createAwsValues(config, createSecretSource),
    ...ports,
    record: (record) => records.push(record),
  })
  return { webhook: answer, records }
}

export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Sends a body to the webhook as JSON, and parses its answer. */
export const call = async (webhook: AnswerCall, body: string | Uint8Array) => {
  const request = { method: 'POST', path, contentType: 'application/json', readBody: () => body }
  const answer = await webhook(request, new AbortController().signal)
  return { ...answer, json: JSON.parse(answer.body) as Json }
}

/** Builds the body of a call that creates a pod. */
export const reviewOf = (pod: object, request: object = {}): string =>
  JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      namespace: 'flytesnacks-development',
      operation: 'CREATE',
      userInfo: { username: 'system:serviceaccount:flyte:flytepropeller' },
      object: pod,
      ...request,
    },
  })

/** Reads an AdmissionReview that a kube-apiserver sent. */
export const example = (name: string): Promise<string> =>
  readFile(new URL(`../../examples/${name}.json`, import.meta.url), 'utf8')

/** Builds a pod with one container that requests secrets. */
export const podAsking = (...secrets: object[]) => ({
  metadata: {
    labels: { 'inject-flyte-secrets': 'true' },
    annotations: Object.fromEntries(
      secrets.map((secret, index) => [`flyte.secrets/s${index}`, annotationOf(secret)]),
    ),
  },
  spec: { containers: [{ name: 'main', image: 'i' }] },
})
