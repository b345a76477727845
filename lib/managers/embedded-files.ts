import { md5Hex } from '../digest.ts'
import { isNonEmpty, type NonEmpty } from '../errors.ts'
import type { FetchStep, PullContainer, PullMount, Want } from '../manager-kit/wants.ts'
import { secretsDirectory } from '../request/names.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import { SecretValue } from '../secret-value.ts'
import { embeddedPaths } from './embedded-name.ts'
import { fileVariables, notMine, type PodFacts, type Resolution } from '../manager-kit/manager.ts'
import { restricted, scriptCommand } from '../manager-kit/pull.ts'

/** `webhook.embeddedSecretManagerConfig.fileMountInitContainer`; `function.embedded.image` can replace its image. */
export interface FileMountOptions {
  readonly image: string
  readonly resources: unknown
  readonly containerName: string
}

/** Flyte 2's `EmbeddedSecretsFileMountVolumeName`. */
const volumeName = 'embedded-secret-vol'

/** The wants of every file of the Embedded manager, for any source of the content. */
export const embeddedFile = (
  request: SecretRequest,
  paths: NonEmpty<string>,
  step: FetchStep,
): NonEmpty<Want> => {
  const identity = JSON.stringify(['Embedded', request.key])
  return [
    { kind: 'fetch', identity, name: volumeName, mountPath: secretsDirectory, step },
    ...paths.map((path): Want => ({ kind: 'file', path, root: secretsDirectory, identity })),
    ...fileVariables(request, paths[0]),
  ]
}

/** The only init container of a pod that makes its embedded files. */
export const fileContainer = (
  { containerName, image, resources }: FileMountOptions,
  script: string,
  steps: NonEmpty<FetchStep>,
): PullContainer => {
  const [env, volumes] = [
    steps.flatMap((step) => step.env ?? []),
    steps.flatMap((step) => step.volumes ?? []),
  ]
  const mounts = volumes.map(
    ({ name }): PullMount => ({ name, mountPath: privateMountPath(name), readOnly: true }),
  )
  return {
    name: containerName,
    image,
    command: scriptCommand(script, steps),
    ...(isNonEmpty(env) ? { env } : {}),
    resources,
    securityContext: restricted,
    volumeMounts: [{ name: volumeName, mountPath: secretsDirectory }, ...mounts],
    ...(isNonEmpty(volumes) ? { privateVolumes: volumes } : {}),
  }
}

/** The path in that container of a volume that only it mounts. */
export const privateMountPath = (volume: string): string => `/mnt/${volume}`

/** The variable of that container that carries the content of a key's file. */
export const contentVariable = (key: string): string => `FILE_${md5Hex(key)}`

/** A file with known bytes. The container's environment carries them, because it can hold text without NUL. */
export const writtenFile = (request: SecretRequest, pod: PodFacts, bytes: Uint8Array): Resolution => {
  const paths = embeddedPaths(request, pod)
  if (paths.kind === 'unusable') return notMine(paths.why)
  const name = contentVariable(request.key)
  const value = new SecretValue(Buffer.from(bytes).toString('base64'))
  const [first, ...others] = paths.absolute
  const args = [name, first, ...others.flatMap((other) => [name, other])] as const
  return { kind: 'found', wants: embeddedFile(request, paths.absolute, { env: [{ name, value }], args }) }
}

/** Writes all files with known bytes. */
export const writingContainers = (
  options: FileMountOptions,
  steps: NonEmpty<FetchStep>,
): NonEmpty<PullContainer> => [fileContainer(options, writeScript, steps)]

/** Words: the name of a variable and the file for its content, repeated. `base64 -d`: busybox and coreutils. */
const writeScript = `set -eu
umask 022
while [ $# -gt 0 ]; do
  eval "content=\\$$1"
  mkdir -p "\${2%/*}"
  printf %s "$content" | base64 -d > "$2" || {
    rm -f "$2"
    printf '%s: it could not be written\\n' "$2" >&2
    exit 1
  }
  shift 2
done`
