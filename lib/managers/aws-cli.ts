import type { NonEmpty } from '../errors.ts'
import type { Host } from '../manager-kit/definition.ts'
import { needsKey } from '../manager-kit/reason.ts'
import type { FetchStep, PullContainer } from '../manager-kit/wants.ts'
import { filePath, secretsDirectory } from '../request/names.ts'
import { awsSecret } from './aws-secret.ts'
import { notMine, type Resolution, type PureManager } from '../manager-kit/manager.ts'
import {
  envFileOf,
  envFilePath,
  envFileStep,
  fetchedVariables,
  isEnvFileStep,
  toEnv,
  unfit,
} from '../manager-kit/env-file.ts'
import {
  fetched,
  mountsOf,
  type Puller,
  restricted,
  scriptCommand,
  whyNotFetched,
} from '../manager-kit/pull.ts'

export interface AwsCliOptions {
  /** `function.aws.cliImage`: an AWS CLI of version 2 with `sh`, `jq` and `base64` (amazon/aws-cli since 2025-08). */
  readonly cliImage: string
  readonly resources: unknown
}

/** The volume that only this container mounts: the CLI caches the role's credentials in its home directory. */
const home = { name: 'aws-cli-home', mountPath: '/mnt/aws-cli-home' } as const

/**
 * AWS Secrets Manager through the AWS CLI (`function.aws.fetcher: cli`, specification §4.3): one init container fetches all
 * secrets of a pod. If it fails, the pod fails with AWS's own message.
 */
export const createAwsCli = (
  { cliImage, resources }: AwsCliOptions,
  { envVarPrefix }: Pick<Host, 'envVarPrefix'>,
): PureManager => {
  const puller: Puller = { prefix: 'aws', image: cliImage, resources, mountPath: secretsDirectory }
  return {
    name: 'AWS',
    resolve(request, pod): Resolution {
      if (request.key === '') return notMine(needsKey)
      const why = whyNotFetched(request, pod)
      if (why !== undefined) return notMine(why)
      const secret = awsSecret(request)
      if (secret.kind === 'none') return notMine(secret.why)
      const { id, region, stage, versionId, jsonKey } = secret
      const words = [id, region, stage, versionId, jsonKey] as const
      const identity = JSON.stringify([id, stage, versionId, jsonKey])
      if (request.mountRequirement === 'ENV_VAR') {
        const file = envFileOf(request, envVarPrefix, JSON.stringify([puller.prefix, identity]))
        const args = [envFilePath(file), ...words, `${file.maxValueBytes}`] as const
        return { kind: 'found', wants: fetchedVariables(file, envVarPrefix, envFileStep({ args })) }
      }
      const path = filePath(request.group, request.key)
      if (path.kind === 'unusable') return notMine(path.why)
      const step = { args: [path.absolute, ...words, ''] } as const
      return { kind: 'found', wants: fetched(request, path, { puller, identity, step }) }
    },
    pullContainers: (steps) => [cliContainer(puller, steps)],
  }
}

const cliContainer = (puller: Puller, steps: NonEmpty<FetchStep>): PullContainer => ({
  name: 'aws-pull-secrets',
  image: puller.image,
  command: scriptCommand(steps.some(isEnvFileStep) ? `${toEnv}${script}` : script, steps),
  env: [
    { name: 'HOME', value: home.mountPath },
    { name: 'TMPDIR', value: home.mountPath },
    // Without them the CLI encodes its answer for the image's locale.
    { name: 'LC_ALL', value: 'C.UTF-8' },
    { name: 'PYTHONUTF8', value: '1' },
  ],
  resources: puller.resources,
  securityContext: restricted,
  volumeMounts: [...mountsOf(puller, steps), home],
  privateVolumes: [{ kind: 'memory', name: home.name }, ...steps.flatMap(({ volumes = [] }) => volumes)],
})

/**
 * Selects one key of a secret that is a JSON object. Values other than strings become JSON text. The script writes every message,
 * because jq's own would quote the secret.
 */
const pick = `[(.SecretString // error("it is binary and has no keys")) | fromjson?]
| if length == 0 then error("it is not JSON") else .[0] end
| if type == "object" and has($key) then .[$key] else error("it is not a JSON object with this key") end
| if . == null and $max != "" then error("it is null") else . end`

/**
 * Words: file, id, region, stage, version id, JSON key and the size limit of a secret in bytes, repeated. The script does not pass on
 * empty words. A secret with a size limit becomes an env file.
 * Text output of the CLI adds a line end and corrupts binary values, and \`--query\` cannot look into a JSON string.
 */
const script = `set -eu
umask 022
for tool in aws jq base64; do
  command -v "$tool" > /dev/null || {
    printf '%s: not found; the image must have aws, jq and base64 (amazon/aws-cli since 2025-08)\\n' "$tool" >&2
    exit 127
  }
done
work=$(mktemp -d "$HOME/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
fail() {
  printf '%s: %s\\n' "$1" "$2" >&2
  exit 1
}
fetch() {
  file=$1 id=$2 region=$3 stage=$4 version=$5 key=$6 max=$7
  aws secretsmanager get-secret-value --output json --secret-id "$id" \${region:+--region "$region"} \\
    \${stage:+--version-stage "$stage"} \${version:+--version-id "$version"} > "$work/answer" ||
    fail "$id" 'it could not be fetched'
  if [ -n "$key" ]; then
    jq -c -j --arg key "$key" --arg max "$max" '${pick}' "$work/answer" > "$work/content" || {
      [ -z "$max" ] || no_variable "$id" '${unfit.key}'
      fail "$id" "$file cannot be made of it"
    }
  elif jq -e 'has("SecretString")' "$work/answer" > /dev/null; then
    jq -j .SecretString "$work/answer" > "$work/content" || fail "$id" 'it could not be read'
  else
    jq -j '.SecretBinary // error("it has no value")' "$work/answer" > "$work/encoded" || fail "$id" 'it could not be read'
    base64 -d "$work/encoded" > "$work/content" || fail "$id" 'it could not be read'
  fi
  if [ -n "$max" ]; then
    to_env "$work/content" "$file" "$id" "$max"
    return
  fi
  mkdir -p "\${file%/*}"
  cp "$work/content" "$file" || {
    rm -f "$file"
    fail "$file" 'it could not be written'
  }
}
while [ $# -gt 0 ]; do
  fetch "$1" "$2" "$3" "$4" "$5" "$6" "$7"
  shift 7
done`
