import { stringify } from 'yaml'
import awsCli from '../../../examples/aws-cli.yaml'
import embeddedAws from '../../../examples/embedded-aws.yaml'
import embeddedK8s from '../../../examples/embedded-k8s.yaml'
import envFiles from '../../../examples/env-files.yaml'
import globalSecrets from '../../../examples/global-secrets.yaml'
import plain from '../../../examples/plain.json' with { type: 'json' }
import rayHead from '../../../examples/ray-head.json' with { type: 'json' }
import rich from '../../../examples/rich.json' with { type: 'json' }
import sparkDriver from '../../../examples/spark-driver.json' with { type: 'json' }
import defaults from '../../../webhook.yaml'
import { isObject, type JsonObject } from '../../../lib/json.ts'
import type { Profile } from '../../../lib/config/config.ts'
import { builtIn } from '../../../lib/managers/built-in.ts'
import { requestPrefix } from '../../../lib/request/annotations.ts'
import type { RequestFields } from '../../preview/readable-request.ts'
import { exampleRequest } from './asked-fields.ts'
import { builtConfig } from './built-managers.ts'
import { withManagers } from './config-text.ts'
import { loadedBy } from './configured.ts'
import { emptyState, type State } from './state.ts'

/** A case to start from, and the fields that it sets. */
export interface Example {
  readonly name: string
  readonly fields: Partial<State>
}

/** Examples under a title. */
export interface ExampleGroup {
  readonly title: string
  readonly examples: readonly Example[]
}

/**
 * Returns a pod as its author would write it, with the labels that Flyte 2's secrets need. Drops its own requests, because
 * those of the page are used.
 */
const podOf = ({ request: { object } }: { readonly request: { readonly object: JsonObject } }): string => {
  const { apiVersion, kind, metadata, spec } = object
  return stringify({ apiVersion, kind, metadata: metadataOf(metadata), spec }, { lineWidth: 0 })
}

const metadataOf = (metadata: unknown): JsonObject => {
  const { managedFields: _, annotations, labels, ...named } = isObject(metadata) ? metadata : {}
  const scope = { organization: 'example', project: 'flytesnacks', domain: 'development' }
  const rest = { ...named, labels: { ...(isObject(labels) ? labels : {}), ...scope } }
  const kept = Object.entries(isObject(annotations) ? annotations : {}).filter(
    ([name]) => !name.startsWith(requestPrefix),
  )
  return kept.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(kept) }
}

const plainPod = podOf(plain)

/** The pods of `examples/`. */
export const podExamples: readonly ExampleGroup[] = [
  {
    title: 'Pods',
    examples: [
      { name: 'a plain task', fields: { pod: plainPod } },
      { name: 'a rich task: init containers, sidecars, volumes', fields: { pod: podOf(rich) } },
      { name: 'a Spark driver', fields: { pod: podOf(sparkDriver) } },
      { name: 'a Ray head', fields: { pod: podOf(rayHead) } },
    ],
  },
]

/** Returns a whole case: a configuration, and a pod whose request its first manager serves. */
const caseOf = (name: string, config: string, more: Partial<State> = {}): Example => {
  const loaded = loadedBy(config)
  const asked = loaded === undefined ? {} : exampleRequest(loaded)
  return { name, fields: { ...emptyState, config, pod: plainPod, ...asked, ...more } }
}

const warehouse: RequestFields = {
  group: 'warehouse',
  groupVersion: '',
  key: 'password',
  mountRequirement: 'ENV_VAR',
  envVar: '',
}

/** The cases of `examples/`, each with the secrets that must exist for it. */
const fromFiles: readonly Example[] = [
  caseOf('AWS with one container of the AWS CLI', awsCli),
  caseOf('variables from AWS, on Kubernetes 1.35', envFiles, { cluster: 'production' }),
  caseOf('global secrets from AWS Secrets Manager', globalSecrets, {
    requests: [warehouse],
    namespace: 'flytesnacks-production',
    storedSecrets: 'prod/warehouse#password',
  }),
  caseOf("Flyte 2's Embedded, with Kubernetes Secrets", embeddedK8s),
  caseOf("Flyte 2's Embedded, with AWS Secrets Manager", embeddedAws, {
    storedSecrets: 'u__org__example__domain__development__project__flytesnacks__key__password',
  }),
  caseOf('all defaults, written out', defaults),
]

/** Returns a case for each manager of a profile. */
const managersOf = (profile: Profile): readonly Example[] =>
  builtIn
    .filter(({ isAlwaysAsked, isOfFlyte2 }) => !isAlwaysAsked && !(isOfFlyte2 && profile === 'flyte1'))
    .map(({ name }) => caseOf(name, withManagers(`function:\n  profile: ${profile}\n`, [name])))

/** The first group exists only if the page was built for a configuration. */
export const caseExamples: readonly ExampleGroup[] = [
  ...(builtConfig === undefined
    ? []
    : [{ title: 'This page', examples: [caseOf('the configuration of this page', builtConfig)] }]),
  { title: 'Flyte 1', examples: managersOf('flyte1') },
  { title: 'Flyte 2', examples: managersOf('flyte2') },
  { title: 'More', examples: fromFiles },
]

/** The initial case. */
export const firstExample: Example = caseOf('the first case', builtConfig ?? emptyState.config)
