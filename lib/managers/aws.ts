import { defineManager } from '../manager-kit/definition.ts'
import { pullKeys } from '../manager-kit/pull-keys.ts'
import { needsGroupAndKey, type Reason } from '../manager-kit/reason.ts'
import { createAwsCli } from './aws-cli.ts'
import { awsSecret, noId, noJsonKey, noVersion } from './aws-secret.ts'
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

const definition = defineManager({
  name: 'AWS',
  summary: 'AWS Secrets Manager, pulled by an init container',
  makes: ({ fetcher }, { envFiles }) => (fetcher === 'cli' && envFiles ? 'both' : 'files'),
  reader: 'container',
  asks: ({ fetcher }) => ({
    group: {
      means: 'ARN prefix',
      example: 'arn:aws:secretsmanager:us-east-1:111122223333:secret',
      ...(fetcher === 'cli' ? { isOptional: true } : {}),
    },
    key: { means: 'name of the secret', example: 'db-password' },
  }),
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
  create: (options, host) => (options.fetcher === 'cli' ? createAwsCli(options, host) : createAws(options)),
})

/** The manager AWS: Flyte's sidecar, or the AWS CLI (specification §4.3). */
export const aws = {
  ...definition,
  // The sidecar's ARN, group and key with one colon between them, is one of the forms that the CLI takes.
  secretsManagerSecret(request: SecretRequest) {
    const secret = awsSecret(request)
    return secret.kind === 'secret' ? secret : undefined
  },
}

/** The sidecar writes below this directory and nowhere else. */
const sidecarDirectory = '/tmp'

/** AWS Secrets Manager by AWS's own init container, one for each secret. */
export const createAws = ({ sidecarImage, resources }: PullOptions): PureManager => {
  const puller: Puller = { prefix: 'aws', image: sidecarImage, resources, mountPath: sidecarDirectory }
  return {
    name: 'AWS',
    resolve(request, pod): Resolution {
      if (request.group === '' || request.key === '') return notMine(needsGroupAndKey)
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
  return wholeArn.test(prefix) ? isWholeArn : isNoArn
}

const isWholeArn =
  'the group is a whole ARN already, and the sidecar puts the key behind it (function.aws.fetcher: cli takes a whole ARN)'
const isNoArn =
  'the group is not the beginning of an ARN, such as arn:aws:secretsmanager:eu-west-1:111122223333:secret (function.aws.fetcher: cli takes names too)'

/** Group and key make the ARN, with one colon between them however many were given. */
const secretArn = ({ group, key }: SecretRequest): string =>
  `${withoutTrailing(group, ':')}:${key.replace(/^:+/, '')}`

/** @public docs/troubleshooting.md is made of them. */
export const reasons: readonly Reason[] = [
  {
    says: [noId, noJsonKey, noVersion],
    why: 'With `function.aws.fetcher: cli`: group and key make no id of a secret in Secrets Manager, or group_version no stage or version.',
    todo: 'Correct the request: the group is a name, an ARN, or the start of an ARN that the key completes (`examples/aws-cli.yaml`).',
  },
  {
    says: [isNoArn, isWholeArn],
    why: "With `function.aws.fetcher: sidecar` the id of the secret is the group, a colon and the key. AWS's sidecar exits 0 when the id is wrong, and the task would start without its file.",
    todo: 'Use the beginning of the ARN as the group and the name of the secret as the key, or set `function.aws.fetcher: cli`.',
  },
  {
    place: 'init-container',
    says: ['<program>: not found; the image must have aws, jq and base64 (amazon/aws-cli since 2025-08)'],
    why: '`function.aws.cliImage` is an image of another kind, or an old one.',
    todo: 'Name a newer one.',
  },
  {
    place: 'init-container',
    says: ['it could not be fetched'],
    why: "Secrets Manager refused, or could not be reached: the line before it says which. The pod's own role is used (IRSA or EKS Pod Identity).",
    todo: "Grant the role of the pod's service account `secretsmanager:GetSecretValue` on the secret. Without a role look at the order of the webhooks: `flyte-webhook doctor`.",
  },
  {
    place: 'init-container',
    says: [
      'it is binary and has no keys',
      'it is no JSON',
      'it is no JSON object with this key',
      'it is null',
      '<file> cannot be made of it',
      'it has no value',
      'it could not be read',
    ],
    why: 'The secret was fetched, and is not what the request takes it for: it has no such key, or is no JSON.',
    todo: 'Correct the key behind `#`, or leave it out to get the secret as it is.',
  },
]
