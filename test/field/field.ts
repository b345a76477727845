import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { annotationOf } from '../support/annotation.ts'
import type { Json } from '../support/pods.ts'

/** Reads a YAML file that came from the field, `folder/file`. */
export const fromField = async (path: string): Promise<Json> =>
  parse(await readFile(join(import.meta.dirname, path), 'utf8'))

/** Adds the label of Flyte's engine and requests for secrets to a pod. */
export const asking = (pod: Json, ...secrets: readonly object[]): Json => ({
  ...pod,
  metadata: {
    ...pod.metadata,
    labels: { ...pod.metadata.labels, 'inject-flyte-secrets': 'true' },
    annotations: {
      ...pod.metadata.annotations,
      ...Object.fromEntries(
        secrets.map((secret, index) => [`flyte.secrets/s${index}`, annotationOf(secret)]),
      ),
    },
  },
})
