import { builtIn } from '../../lib/managers/built-in.ts'
import { type Preview, preview } from '../../infra/preview/preview.ts'
import { questionOf } from '../../infra/preview/question.ts'
import { previewText } from '../../infra/preview/preview-text.ts'
import type { PodDocument } from '../../infra/preview/pod-document.ts'
import { parseRequest } from '../../infra/preview/readable-request.ts'
import { type CreateSecretSource, createAwsValues } from '../../lib/aws-values.ts'
import type { Json } from '../support/pods.ts'
import { configFrom, filesAre } from '../support/webhook.ts'

export interface PreviewWorld {
  readonly sections?: object
  readonly environment?: Readonly<Record<string, string>>
  readonly createSecretSource?: CreateSecretSource
  /** Requests in readable form. */
  readonly secrets?: readonly string[]
  readonly namespace?: string
  readonly user?: string
  /** The calling cluster. */
  readonly cluster?: string
}

export const podOf = (pod: object): PodDocument => ({ kind: 'Pod', object: pod as Json })

/** A pod with one container. */
export const plainPod = podOf({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'task' },
  spec: { containers: [{ name: 'main', image: 'i' }] },
})

const noSecrets: CreateSecretSource = () => ({ fetch: () => Promise.resolve({ kind: 'absent' }) })

/** Previews a pod in its own world. */
export const previewed = (
  pod: PodDocument,
  { sections = {}, environment = {}, secrets = [], ...world }: PreviewWorld,
): Promise<Preview> => {
  const config = configFrom(sections)
  const { createSecretSource = noSecrets, cluster = 'local', ...circumstances } = world
  const sources = {
    environment,
    fileSystem: filesAre({}),
    awsValues: createAwsValues(config, createSecretSource),
  }
  const { signal } = new AbortController()
  const question = questionOf(pod, circumstances, secrets.map(parseRequest))
  return preview(question, { config, definitions: builtIn, sources, cluster, signal })
}

/** Formats a preview for a terminal without colours. */
export const plainText = (shown: Preview): string => previewText(shown, (_, text) => text)
