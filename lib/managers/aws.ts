import { defineManager } from '../manager-kit/definition.ts'
import { pullKeys } from '../manager-kit/pull-keys.ts'
import { createAwsCli } from './aws-cli.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import { notMine, type Resolution, type PureManager } from '../manager-kit/manager.ts'
import {
  fetched,
  fetchedPath,
  onePullContainerEach,
  type Puller,
  type PullOptions,
  withoutTrailing,
} from '../manager-kit/pull.ts'

/** The manager AWS: Flyte's sidecar, or the AWS CLI (specification §4.3). */
export const aws = defineManager({
  name: 'AWS',
  summary: 'AWS Secrets Manager, pulled by an init container',
  makes: 'files',
  reader: 'container',
  section: 'awsSecretManager',
  sectionHelp: 'The manager AWS: Secrets Manager, pulled by a container.',
  keys: pullKeys('docker.io/amazon/aws-secrets-manager-secret-sidecar:v0.1.4'),
  own: {
    section: 'aws',
    help: "How AWS's secrets are pulled, and the function's own calls.",
    keys: {
      fetcher: {
        kind: 'oneOf',
        of: ['sidecar', 'cli'],
        default: 'sidecar',
        help: "What pulls the manager AWS's secrets: Flyte's image, or the AWS CLI.",
      },
      cliImage: {
        kind: 'image',
        // AWS CLI version 2 on Amazon Linux, with `sh` and `jq`.
        default: 'public.ecr.aws/aws-cli/aws-cli:2.31.0',
        help: 'Image of the AWS CLI, for the fetcher cli: Amazon Linux, with sh and jq.',
      },
    },
  },
  // aws-sdk-go 1.35.0, `aws/defaults/defaults.go`, `localHTTPCredProvider`: only loopback hosts are allowed.
  notices: ({ fetcher }) =>
    fetcher === 'cli'
      ? []
      : [
          {
            key: 'fetcher',
            message:
              'pulls secrets with the sidecar of Flyte, which makes files only and works with IAM roles for service accounts only: its AWS SDK of 2020 refuses the address of the agent of EKS Pod Identity, and the container then exits 0 without the file. With EKS Pod Identity write function.aws.fetcher: cli',
          },
        ],
  follower: {
    webhooks: /pod-identity|iam-for-pods/,
    misses: 'the init containers that fetch secrets get no AWS role',
  },
  trial: () => ({ mount: 'FILE', group: 'arn:aws:secretsmanager:us-east-1:111122223333:secret' }),
  create: (options) => (options.fetcher === 'cli' ? createAwsCli(options) : createAws(options)),
})

/** The sidecar writes below this directory and nowhere else. */
const sidecarDirectory = '/tmp'

/** AWS Secrets Manager by AWS's own init container, one for each secret. */
export const createAws = ({ sidecarImage, resources }: PullOptions): PureManager => {
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
