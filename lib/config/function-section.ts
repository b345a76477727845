import { z } from 'zod'
import { clusterName, clusterNameRule } from '../cluster-name.ts'
import { functionDefaults } from './defaults.ts'
import type { AnyDescription } from '../manager-kit/definition.ts'
import { key, list, names, region, section, text } from './key.ts'
import { labelSelector } from './label-selector.ts'
import { entryKeysOf, shapeOfKeys } from './manager-keys.ts'

const durationMs = z.int().min(1, { error: 'must be a number of milliseconds greater than 0' })

const whose = {
  clusters: key(names, { description: 'Clusters, by name or pattern. Default: all.' }),
  users: key(names, { description: 'Users that create the pod, by name or pattern. Default: all.' }),
}

const cluster = section({
  tokenSha256: key(
    list(
      z.string().regex(/^[0-9A-Fa-f]{64}$/, { error: 'must be the SHA-256 of a token: 64 hex digits' }),
    ).max(2, {
      error: 'must be at most two: the current token and the next',
    }),
    { description: "SHA-256 of the cluster's token, in hex. Two during a rotation." },
  ),
})

const callers = section({
  clusters: key(
    z.record(
      z.string().regex(clusterName, {
        error: `is not a valid name of a cluster in a URL: use ${clusterNameRule}`,
      }),
      cluster,
    ),
    { description: 'The clusters that can call, by the name in their URL.' },
  ),
  anonymous: key(z.enum(['local', 'network-restricted']), {
    description: 'Accepts any token. Only for this machine, or for a network that keeps strangers out.',
  }),
  publicEndpoint: key(z.literal('accepted'), {
    description:
      'Confirms that an endpoint open to the Internet may return confidential secrets for a token.',
  }),
})

/** A name that Secrets Manager allows (its API reference, `CreateSecret`), or its ARN: the function's policy contains it. */
const secretId = z.string().regex(/^(arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:)?[\w/+=.@!-]{1,519}$/, {
  error: 'must be the name or ARN of a secret: letters, digits and /_+=.@-',
})

const globalSecrets = section({
  secretsManager: key(
    list(
      section({
        secretId: secretId.describe('Name or ARN of the secret, whose JSON object maps key to value.'),
        group: key(text, { description: "Default: the secret's name." }),
        key: key(text, { description: 'The key of a secret that is a single value, not a JSON object.' }),
      }),
    ),
    { description: 'Secrets in AWS Secrets Manager that the function serves.' },
  ),
  allow: key(
    list(
      section({
        groups: names.describe('Groups, by name or pattern.'),
        namespaces: names.describe('Namespaces that get them, by name or pattern.'),
        ...whose,
      }),
    ),
    { description: 'Rules for who gets which group. Default: every namespace of every cluster.' },
  ),
  ttlMs: key(durationMs, { description: 'How long a value stays fresh.', default: functionDefaults.ttlMs }),
  maxStaleMs: key(durationMs, {
    description: 'How long a value is used while its store fails.',
    default: functionDefaults.maxStaleMs,
  }),
})

/** Options for the function's own calls to AWS. */
const awsCalls = {
  region: key(region, { description: "Region of the function's own calls. Default: AWS_REGION." }),
  endpoint: key(z.url({ error: 'must be a URL' }), { description: "Endpoint of the function's own calls." }),
}

const registration = section({
  reinvocation: key(z.enum(['Never', 'IfNeeded']), {
    description: 'Whether the webhook is called again after later webhooks changed the pod.',
    default: functionDefaults.reinvocation,
  }),
  namespaceSelector: key(labelSelector, {
    description:
      'A LabelSelector for the namespaces whose pods are sent here. It never includes kube-system.',
  }),
  timeoutSeconds: key(
    z
      .int()
      .min(1, { error: 'must be 1 to 30, the range that Kubernetes allows' })
      .max(30, { error: 'must be 1 to 30, the range that Kubernetes allows' }),
    {
      description:
        "How long the API server waits for an answer: at least two seconds longer than the function's time-out (provider.timeout in serverless.yml).",
      default: functionDefaults.timeoutSeconds,
    },
  ),
})

const envFiles = z.union([z.boolean(), names], { error: 'must be true, false, or a list of clusters' })

/** The keys that Flyte does not have. */
export const functionSection = (managers: readonly AnyDescription[]) =>
  section({
    profile: key(z.enum(['flyte1', 'flyte2']), {
      description: 'The Flyte version whose defaults and order of variables apply.',
      default: functionDefaults.profile,
    }),
    onFailure: key(z.enum(['deny', 'admit']), {
      description:
        'What happens to a pod whose secrets cannot be served. admit leaves it unchanged, as Flyte 1 does.',
      default: functionDefaults.onFailure,
    }),
    callers: key(callers, { description: 'Who can call the function.' }),
    globalSecrets: key(globalSecrets, {
      description: 'More sources for the manager Global, and rules for their use.',
    }),
    envFiles: key(envFiles, {
      description:
        'Whether AWS, GCP, Azure and Vault serve variables, which needs Kubernetes 1.35: true, or the clusters that have it, by name or pattern.',
      default: false,
    }),
    ...ownSections(managers.filter(({ own }) => own?.section !== 'aws')),
    aws: key(section({ ...ownKeysIn('aws', managers), ...awsCalls }), {
      description: 'How init containers pull secrets from AWS, and how the function calls AWS.',
    }),
    managers: key(section(managerEntries(managers)), {
      description: 'Settings of single managers, by name.',
    }),
    registration: key(registration, { description: 'The MutatingWebhookConfiguration.' }),
  })

/** Sections that each belong to one manager. */
const ownSections = (managers: readonly AnyDescription[]): object =>
  Object.fromEntries(
    managers.flatMap(({ own }) =>
      own === undefined
        ? []
        : [[own.section, key(section(shapeOfKeys(own.keys)), { description: own.help })]],
    ),
  )

/** The keys of managers in shared sections. */
const ownKeysIn = (name: string, managers: readonly AnyDescription[]): object =>
  Object.fromEntries(
    managers.flatMap(({ own }) => (own?.section === name ? Object.entries(shapeOfKeys(own.keys)) : [])),
  )

const managerEntries = (managers: readonly AnyDescription[]): Record<string, z.ZodType> =>
  Object.fromEntries(
    managers
      .filter(({ isAlwaysAsked }) => !isAlwaysAsked)
      .map((manager) => [
        manager.name,
        key(section(shapeOfKeys(entryKeysOf(manager))), { description: manager.summary }),
      ]),
  )
