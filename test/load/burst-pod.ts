import { isDeepStrictEqual } from 'node:util'
import { annotationOf } from '../support/annotation.ts'
import type { Json } from '../support/pods.ts'
import type { PodKind } from './burst.ts'

/** The number of global secrets; the pods ask for them in turn. */
const globalSecrets = 10
const globalValue = (index: number): string => `value-of-k${index % globalSecrets}`

/** The function's environment in a burst: the secrets `global/k0` to `global/k9`. */
export const burstEnvironment: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: globalSecrets }, (_, index) => [`FLYTE_SECRET_GLOBAL_K${index}`, globalValue(index)]),
)

/**
 * Returns one pod of a burst. It asks for a variable and a file of Secrets that no other pod has, and for one of ten global
 * secrets, so an answer for the wrong pod shows.
 */
export const burstPod = (index: number): Json => {
  const secrets = [
    { group: `db-${index}`, key: 'password', mount_requirement: 'ENV_VAR', env_var: 'PASSWORD' },
    { group: `files-${index}`, key: 'Token', mount_requirement: 'FILE' },
    { group: 'global', key: `k${index % globalSecrets}`, mount_requirement: 'ENV_VAR' },
  ]
  return {
    metadata: {
      name: `burst-${index}`,
      labels: { 'inject-flyte-secrets': 'true' },
      annotations: Object.fromEntries(
        secrets.map((secret, i) => [`flyte.secrets/s${i}`, annotationOf(secret)]),
      ),
    },
    spec: { containers: [{ name: 'main', image: 'image' }] },
  }
}

/** Returns the variables of a served container by name, as stored by the API server (specification §2, §4.1, §4.2). */
const servedVariables = (index: number): Json => {
  const valueFrom = { secretKeyRef: { name: `db-${index}`, key: 'password', optional: true } }
  return [
    { name: 'FLYTE_SECRETS_DEFAULT_DIR', value: '/etc/flyte/secrets' },
    // The API server does not store an empty value.
    { name: 'FLYTE_SECRETS_FILE_PREFIX' },
    { name: 'FLYTE_SECRETS_ENV_PREFIX', value: '_FSEC_' },
    { name: 'PASSWORD', valueFrom },
    { name: `_FSEC_DB-${index}_PASSWORD`, valueFrom },
    { name: `_FSEC_GLOBAL_K${index % globalSecrets}`, value: globalValue(index) },
  ].toSorted(byName)
}

const servedVolume = (index: number): Json => ({
  secret: {
    secretName: `files-${index}`,
    items: [{ key: 'Token', path: 'token' }],
    defaultMode: 420,
    optional: true,
  },
})

const byName = (a: Json, b: Json): number => (a.name < b.name ? -1 : 1)

/** Returns the kind of a stored pod: with exactly what it asked for, unchanged, or otherwise. */
export const kindOfBurstPod = ({ metadata, spec }: Json): PodKind => {
  const index = Number(metadata.name.split('-')[1])
  const [{ env = [], volumeMounts = [] }] = spec.containers
  const { volumes = [] } = spec
  if (env.length + volumeMounts.length + volumes.length === 0) return 'untouched'
  const mountPath = `/etc/flyte/secrets/files-${index}`
  const name = volumes[0]?.name
  return isDeepStrictEqual(
    { env: env.toSorted(byName), volumes, volumeMounts },
    {
      env: servedVariables(index),
      volumes: [{ name, ...servedVolume(index) }],
      volumeMounts: [{ name, readOnly: true, mountPath }],
    },
  )
    ? 'served'
    : 'wrong'
}
