import type { SecretRequest } from '../request/secret-request.ts'
import { notMine, type Resolution, type SecretManager } from '../manager-kit/manager.ts'
import {
  fetched,
  fetchedPath,
  onePullContainerEach,
  type Puller,
  type PullOptions,
  withoutTrailing,
} from '../manager-kit/pull.ts'

/** The sidecar writes below this directory and nowhere else. */
const sidecarDirectory = '/tmp'

/** AWS Secrets Manager by AWS's own init container, one for each secret (specification §4.3). */
export const createAws = ({ sidecarImage, resources }: PullOptions): SecretManager => {
  const puller: Puller = { prefix: 'aws', image: sidecarImage, resources, mountPath: sidecarDirectory }
  return {
    name: 'AWS',
    resolve(request, pod): Resolution {
      if (request.group === '' || request.key === '') return notMine('it needs a group and a key')
      const path = fetchedPath(request, pod, request.group, request.key)
      if (path.kind === 'unusable') return notMine(path.why)
      const why = whyNoArn(request)
      if (why !== undefined) return notMine(why)
      const arn = secretArn(request)
      const step = {
        env: [
          { name: 'SECRET_ARN', value: arn },
          { name: 'SECRET_FILENAME', value: `/${path.relative}` },
        ],
      } as const
      return { kind: 'found', wants: fetched(request, path, { puller, identity: arn, step }) }
    },
    pullContainers: (steps) => onePullContainerEach(puller, steps),
  }
}

/** IAM, ARN format: `arn:partition:service:region:account:resource`; the key ends it. */
const arnPrefix = /^arn:[^:]+:secretsmanager:[^:]+:[^:]+:secret[^:]*$/
const wholeArn = /^arn:[^:]+:secretsmanager:[^:]+:[^:]+:secret:/

/** Why group and key make no ARN: the sidecar would end as if all were well, and leave no file. */
const whyNoArn = ({ group }: SecretRequest): string | undefined => {
  const prefix = withoutTrailing(group, ':')
  if (arnPrefix.test(prefix)) return undefined
  return wholeArn.test(prefix)
    ? 'the group is a whole ARN already, and the sidecar puts the key behind it (function.aws.fetcher: cli takes a whole ARN)'
    : 'the group is not the beginning of an ARN, such as arn:aws:secretsmanager:eu-west-1:111122223333:secret (function.aws.fetcher: cli takes names too)'
}

/** Group and key make the ARN, with one colon between them however many were given. */
const secretArn = ({ group, key }: SecretRequest): string =>
  `${withoutTrailing(group, ':')}:${key.replace(/^:+/, '')}`
