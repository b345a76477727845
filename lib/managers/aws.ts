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
    help: 'How init containers pull secrets from AWS, and how the function calls AWS.',
    keys: {
      fetcher: {
        kind: 'oneOf',
        of: ['sidecar', 'cli'],
        default: 'sidecar',
        help: "What pulls the secrets of the manager AWS: Flyte's image or the AWS CLI.",
      },
      cliImage: {
        kind: 'image',
        // AWS CLI version 2 on Amazon Linux, with `sh` and `jq`.
        default: 'public.ecr.aws/aws-cli/aws-cli:2.31.0',
        help: 'Image of the AWS CLI, for the fetcher cli: Amazon Linux, with sh and jq.',
      },
    },
  },
  // aws-sdk-go 1.35.0, `aws/defaults/defaults.go`, `localHTTPCredProvider`: it allows only loopback hosts.
  notices: ({ fetcher }) =>
    fetcher === 'cli'
      ? []
      : [
          {
            key: 'fetcher',
            message:
              "pulls secrets with Flyte's sidecar, which makes only files and works only with IAM roles for service accounts: its AWS SDK of 2020 rejects the address of the EKS Pod Identity agent, and the container exits 0 without the file. With EKS Pod Identity, set function.aws.fetcher: cli",
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
  // The sidecar's ARN (group and key with one colon between them) is one of the forms that the CLI accepts.
  secretsManagerSecret(request: SecretRequest) {
    const secret = awsSecret(request)
    return secret.kind === 'secret' ? secret : undefined
  },
}

/** The sidecar writes only below this directory. */
const sidecarDirectory = '/tmp'

/** AWS Secrets Manager through AWS's own init container, one for each secret. */
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

/** IAM, ARN format: `arn:partition:service:region:account:secret:name`; the key is the name. Recorded cases have `secret/a` too. */
const arnPrefix = /^arn:[a-z0-9-]+:secretsmanager:[a-z0-9-]+:[0-9]+:secret(?:\/[^:\s]*)?$/
const wholeArn = /^arn:[a-z0-9-]+:secretsmanager:[a-z0-9-]+:[0-9]+:secret:/

/** Why group and key do not form an ARN: the sidecar would exit without an error, and leave no file. */
const whyNoArn = ({ group }: SecretRequest): string | undefined => {
  const prefix = withoutTrailing(group, ':')
  if (arnPrefix.test(prefix)) return undefined
  return wholeArn.test(prefix) ? isWholeArn : isNoArn
}

const isWholeArn =
  'the group is already a complete ARN, and the sidecar appends the key (function.aws.fetcher: cli accepts a complete ARN)'
const isNoArn =
  'the group is not the start of an ARN, such as arn:aws:secretsmanager:eu-west-1:111122223333:secret (function.aws.fetcher: cli accepts names too)'

/** Group and key form the ARN, with exactly one colon between them. */
const secretArn = ({ group, key }: SecretRequest): string =>
  `${withoutTrailing(group, ':')}:${key.replace(/^:+/, '')}`

/** @public docs/troubleshooting.md is made from them. */
export const reasons: readonly Reason[] = [
  {
    says: [noId, noJsonKey, noVersion],
    why: 'With `function.aws.fetcher: cli`, group and key must form the id of a secret in Secrets Manager. The group_version must be a stage or a version id.',
    todo: 'Correct the request. The group is a name, an ARN, or the start of an ARN that the key completes (`examples/aws-cli.yaml`).',
  },
  {
    says: [isNoArn, isWholeArn],
    why: "With `function.aws.fetcher: sidecar`, the id of the secret is the group, a colon and the key. AWS's sidecar exits 0 when the id is wrong, and the task would start without its file.",
    todo: 'Use the start of the ARN as the group and the name of the secret as the key. Or set `function.aws.fetcher: cli`.',
  },
  {
    place: 'init-container',
    says: ['<program>: not found; the image must have aws, jq and base64 (amazon/aws-cli since 2025-08)'],
    why: '`function.aws.cliImage` is too old, or is not an image of the AWS CLI.',
    todo: 'Use a newer AWS CLI image.',
  },
  {
    place: 'init-container',
    says: ['it could not be fetched'],
    why: "Secrets Manager refused the call or could not be reached. The line before this message says which. The container uses the pod's own role (IRSA or EKS Pod Identity).",
    todo: "Grant the role of the pod's service account `secretsmanager:GetSecretValue` on the secret. If the pod has no role, `flyte-webhook doctor` checks the order of the webhooks.",
  },
  {
    place: 'init-container',
    says: [
      'it is binary and has no keys',
      'it is not JSON',
      'it is not a JSON object with this key',
      'it is null',
      '<file> cannot be made of it',
      'it has no value',
      'it could not be read',
    ],
    why: 'The container fetched the secret, but the secret is not JSON or does not have the requested key.',
    todo: 'Correct the key. To get the whole secret, ask for `/prod%2Fdb` instead of `prod/db/password`, or leave out `#` and the key after an ARN ([names of secrets](managers/aws.md#name-the-secret)).',
  },
]
