import { md5Hex } from '../digest.ts'
import { isSecretKey } from '../kubernetes-names.ts'
import type { PrivateVolume, Source } from '../manager-kit/wants.ts'
import { discovery } from '../request/names.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import type { ClaimRule } from './allow.ts'
import { embeddedFile, type FileMountOptions, fileContainer, privateMountPath } from './embedded-files.ts'
import { embeddedPaths, embeddedVariable, type ScopedNames, scopedNames } from './embedded-name.ts'
import { literal, notMine, type PodFacts, type PureManager, type Resolution } from '../manager-kit/manager.ts'

export const noScopedKey = 'no Secret can have this key (1 to 253 of A-Z a-z 0-9 - _ . with its scope)'

export interface EmbeddedK8sOptions {
  /** `webhook.secretEnvVarPrefix`. */
  readonly envVarPrefix: string
  /** `k8sConfig.namespace`: where Flyte 2 keeps its Secrets. */
  readonly namespace: string
  readonly fileMount: FileMountOptions
  /** `function.embedded.allow`. */
  readonly allow?: readonly ClaimRule[]
}

/**
 * Flyte 2's Embedded manager of type `K8s`, by reference: the kubelet picks the narrowest of three optional Secrets, and
 * this webhook never sees their values (specification §4.7).
 */
export const createEmbeddedK8s = ({
  envVarPrefix,
  namespace,
  fileMount,
  allow,
}: EmbeddedK8sOptions): PureManager => ({
  name: 'Embedded',
  resolve(request, pod): Resolution {
    const names = scopedNames(request, pod, allow)
    if (names.kind !== 'names') return names
    if (pod.namespace !== namespace)
      return notMine(
        `its Secrets are in the namespace ${namespace}, and a pod can refer only to Secrets in its own namespace`,
      )
    if (!isSecretKey(names.project)) return notMine(noScopedKey)
    return request.mountRequirement === 'FILE'
      ? asFile(request, names, pod)
      : asVariable(request, names, envVarPrefix)
  },
  pullContainers: (steps) => [fileContainer(fileMount, copyScript, steps)],
})

/** The kubelet uses the last existing entry of a name. */
const asVariable = (request: SecretRequest, names: ScopedNames, envVarPrefix: string): Resolution => {
  const source = (name: string): Source => ({ kind: 'secretKeyRef', name: md5Hex(name), key: name })
  const { organization, domain, project } = names
  const name = embeddedVariable(request, envVarPrefix)
  const sources = [source(organization), source(domain), source(project)] as const
  return {
    kind: 'found',
    wants: [literal(discovery.envPrefix, envVarPrefix), { kind: 'variable', name, sources }],
  }
}

const asFile = (
  request: SecretRequest,
  { project, domain, organization }: ScopedNames,
  pod: PodFacts,
): Resolution => {
  const paths = embeddedPaths(request, pod)
  if (paths.kind === 'unusable') return notMine(paths.why)
  const volumes = [volumeOf(project), volumeOf(domain), volumeOf(organization)] as const
  const from = volumes.map(({ name }) => `${privateMountPath(name)}/${item}`)
  const [first, ...others] = paths.absolute
  const args = [first, ...from, ...others.flatMap((other) => [other, ...from])] as const
  return { kind: 'found', wants: embeddedFile(request, paths.absolute, { volumes, args }) }
}

/** The only file in the volume of a Secret. */
const item = 'value'

const volumeOf = (name: string): PrivateVolume => ({
  kind: 'secret',
  name: `embedded-${md5Hex(name)}`,
  secretName: md5Hex(name),
  items: [{ key: name, path: item }],
})

/** Words: a file and three sources of its content, the narrowest first, repeated. */
const copyScript = `set -eu
umask 022
status=0
while [ $# -gt 0 ]; do
  file=$1 from=
  for place in "$4" "$3" "$2"; do
    if [ -e "$place" ]; then from=$place; fi
  done
  shift 4
  if [ -z "$from" ]; then
    printf '%s: no Secret of its project, domain or organization has it\\n' "$file" >&2
    status=1
    continue
  fi
  mkdir -p "\${file%/*}"
  cat "$from" > "$file" || {
    rm -f "$file"
    printf '%s: it could not be written\\n' "$file" >&2
    exit 1
  }
done
exit "$status"`
