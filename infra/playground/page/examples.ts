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
import { requestPrefix } from '../../../lib/request/annotations.ts'

/** A text to begin with. */
export interface Example {
  readonly name: string
  readonly text: string
}

export const configExamples: readonly Example[] = [
  { name: 'all defaults', text: defaults },
  { name: 'AWS by one container of the AWS CLI', text: awsCli },
  { name: 'variables from AWS, on Kubernetes 1.35', text: envFiles },
  { name: 'global secrets of AWS Secrets Manager', text: globalSecrets },
  { name: "Flyte 2's Embedded, by Kubernetes Secrets", text: embeddedK8s },
  { name: "Flyte 2's Embedded, by AWS Secrets Manager", text: embeddedAws },
]

/** A pod as its author would write it. Without requests of its own: those on the page are asked for. */
const podOf = ({ request: { object } }: { readonly request: { readonly object: JsonObject } }): string => {
  const { apiVersion, kind, metadata, spec } = object
  return stringify({ apiVersion, kind, metadata: metadataOf(metadata), spec }, { lineWidth: 0 })
}

const metadataOf = (metadata: unknown): JsonObject => {
  const { managedFields: _, annotations, ...rest } = isObject(metadata) ? metadata : {}
  const kept = Object.entries(isObject(annotations) ? annotations : {}).filter(
    ([name]) => !name.startsWith(requestPrefix),
  )
  return kept.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(kept) }
}

/** The pods of `examples/`. */
export const podExamples: readonly Example[] = [
  { name: 'a plain task', text: podOf(plain) },
  { name: 'a rich task: init containers, sidecars, volumes', text: podOf(rich) },
  { name: 'a Spark driver', text: podOf(sparkDriver) },
  { name: 'a Ray head', text: podOf(rayHead) },
]
