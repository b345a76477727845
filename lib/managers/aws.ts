import type { SecretRequest } from '../request/secret-request.ts'
import { fileOnly, notMine, type Resolution, type SecretManager } from './manager.ts'
import { fetched, onePullContainerEach, type Puller, type PullOptions, withoutTrailing } from './pull.ts'

/** The sidecar writes below this directory and nowhere else. */
const sidecarDirectory = '/tmp'

/** AWS Secrets Manager by AWS's own init container, one for each secret (specification §4.3). */
export const createAws = ({ sidecarImage, resources }: PullOptions): SecretManager => {
  const puller: Puller = { prefix: 'aws', image: sidecarImage, resources, mountPath: sidecarDirectory }
  return {
    name: 'AWS',
    resolve(request): Resolution {
      if (request.group === '' || request.key === '') return notMine('it needs a group and a key')
      const path = fileOnly(request, request.group, request.key)
      if (path.kind === 'unusable') return notMine(path.why)
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

/** Group and key make the ARN, with one colon between them however many were given. */
const secretArn = ({ group, key }: SecretRequest): string =>
  `${withoutTrailing(group, ':')}:${key.replace(/^:+/, '')}`
