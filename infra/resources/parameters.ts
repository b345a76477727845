import { BlockList } from 'node:net'
import { z } from 'zod'
import { closestName } from '../../lib/config/wording.ts'
import { isNonEmpty, type NonEmpty } from '../../lib/errors.ts'

/** Who can reach the endpoint, and at which address. */
export type Exposure =
  | {
      readonly kind: 'regional'
      /** The only addresses that can call (`aws:SourceIp`). Without them, the endpoint is open to the Internet. */
      readonly allowedCidrs?: NonEmpty<string>
      readonly domain?: { readonly name: string; readonly certificateArn: string }
    }
  | {
      readonly kind: 'private'
      /** The only VPC endpoints that can call (`aws:SourceVpce`). */
      readonly vpcEndpointIds: NonEmpty<string>
    }

/** The operator's choices for the stack: `--param <name>=<value>`, or `params:` in serverless.yml. */
export interface StackParameters {
  readonly config: string
  readonly callerTokenSha256: string
  readonly exposure: Exposure
  readonly webAclArn?: string
  readonly alarmTopicArn?: string
  /** The keys that encrypt the secrets of the function. */
  readonly kmsKeyArns: readonly string[]
  readonly tracing: boolean
  readonly logRetentionDays: number
  /** The stage's limits: requests per second, and at once. */
  readonly throttle: { readonly rate: number; readonly burst: number }
  readonly reservedConcurrency?: number
  readonly provisionedConcurrency?: number
  /** Without it, the function runs outside any VPC. */
  readonly vpc?: Vpc
  readonly permissionsBoundary?: string
  /** The key that encrypts both log groups. */
  readonly logKmsKeyArn?: string
  readonly tags: Readonly<Record<string, string>>
  /** An existing bucket for the code; without it, osls creates one in the stack. */
  readonly deploymentBucket?: string
}

/** Where the function gets its network interfaces. */
export interface Vpc {
  readonly subnetIds: NonEmpty<string>
  readonly securityGroupIds: NonEmpty<string>
}

export type ParsedParameters =
  | { readonly kind: 'parameters'; readonly parameters: StackParameters }
  | { readonly kind: 'problems'; readonly problems: NonEmpty<string> }

/** A list, as text from `--param` (`a,b`) or from YAML. */
const listOf = (item: z.ZodType<string>) =>
  z.preprocess(
    (written) =>
      typeof written === 'string'
        ? written
            .split(',')
            .map((part) => part.trim())
            .filter((part, index, all) => part !== '' && all.indexOf(part) === index)
        : written,
    z.array(item).min(1, { error: 'must name at least one: leave it out for none' }),
  )

const arn = (service: string, resource: string) =>
  z.string().regex(new RegExp(`^arn:aws[\\w-]*:${service}:[\\w-]+:\\d{12}:${resource}$`), {
    error: `must be an ARN: arn:aws:${service}:<region>:<account>:${resource.replaceAll(/\.[+*]/g, '…')}`,
  })

const idsOf = (prefix: string, what: string) =>
  listOf(
    z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,32}$`), {
      error: `must be the ids of ${what}: ${prefix}-0123456789abcdef0`,
    }),
  )

/** The most tags that a resource can have (AWS, "Tag naming limits and requirements"). */
const maxTags = 50

const tagsError = {
  error: `must be at most ${maxTags} pairs with different keys that do not begin with aws: (owner=platform,cost-center=42), or in YAML a map of strings`,
}

const tagText = (characters: string) =>
  z.string(tagsError).regex(new RegExp(`^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]${characters}$`, 'u'), tagsError)

const tags = z.preprocess(
  (written) => (typeof written === 'string' ? (tagsIn(written) ?? written) : written),
  z
    .record(tagText('{1,128}').regex(/^(?!aws:)/i), tagText('{0,256}'), tagsError)
    .refine((all) => Object.keys(all).length <= maxTags, tagsError),
)

/** Reads tags from `--param` (`a=1,b=2`). Returns undefined if a key is repeated. */
const tagsIn = (text: string): Readonly<Record<string, string | undefined>> | undefined => {
  const pairs = text.split(',').map((pair) => pair.split(/=(.*)/s, 2).map((part) => part.trim()))
  const found = pairs.map(([key = '', value]) => [key, value] as const)
  return new Set(found.map(([key]) => key)).size === found.length ? Object.fromEntries(found) : undefined
}

const count = (least: number) => {
  const error = `must be a whole number from ${least}`
  const digits = z
    .string({ error })
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
  return z.union([z.int(), digits], { error }).pipe(z.int().min(least, { error }))
}

/** The values that CloudWatch Logs accepts as `RetentionInDays`. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

/** Networks from which no call comes over the Internet (RFC 6890, RFC 1112): a rule for them would let nobody in. */
const neverPublic = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/3',
]

/** Splits a CIDR block into its address and its number of network bits. */
const partsOf = (cidr: string): readonly [address: string, bits: number] => {
  const [address = '', bits = ''] = cidr.split('/')
  return [address, Number(bits)]
}

const contains = (outer: string, inner: string): boolean => {
  const list = new BlockList()
  list.addSubnet(...partsOf(outer))
  return list.check(partsOf(inner)[0])
}

/** The fewest bits of a network: no organization has a wider one, and two of `/1` would be everybody. */
const fewestBits = 8

const publicCidr = z
  .cidrv4({ error: 'must be IPv4 networks: 203.0.113.10/32,198.51.100.0/24', abort: true })
  .refine((cidr) => partsOf(cidr)[1] >= fewestBits, {
    error: `must name networks of /${fewestBits} or smaller: to open the endpoint to everybody, leave it out`,
    abort: true,
  })
  .refine((cidr) => !neverPublic.some((other) => contains(other, cidr) || contains(cidr, other)), {
    error:
      'must be public addresses, such as those of NAT gateways: a regional endpoint never sees private ones, so nobody could call',
  })

const raw = z.object({
  config: z.string().min(1, { error: 'must name a file' }).default('webhook.yaml'),
  callerTokenSha256: z.string().default(''),
  exposure: z.enum(['regional', 'private'], { error: 'must be regional or private' }).default('regional'),
  allowedCidrs: listOf(publicCidr).exactOptional(),
  vpcEndpointIds: idsOf('vpce', 'VPC endpoints').exactOptional(),
  domainName: z
    .string()
    .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, {
      error: 'must be a DNS name in lower case: flyte-webhook.example.com',
    })
    .exactOptional(),
  certificateArn: arn('acm', 'certificate/.+').exactOptional(),
  webAclArn: arn('wafv2', 'regional/webacl/.+').exactOptional(),
  alarmTopicArn: arn('sns', '.+').exactOptional(),
  kmsKeyArns: listOf(arn('kms', 'key/.+')).exactOptional(),
  tracing: z
    .union([z.boolean(), z.enum(['true', 'false'])], { error: 'must be true or false' })
    .default(false)
    .transform((written) => String(written) === 'true'),
  logRetentionDays: count(1)
    .refine((days) => retentions.includes(days), { error: `must be one of ${retentions.join(', ')}` })
    .default(30),
  throttleRate: count(1).default(500),
  throttleBurst: count(1).default(1000),
  reservedConcurrency: count(1).exactOptional(),
  provisionedConcurrency: count(1).exactOptional(),
  vpcSubnetIds: idsOf('subnet', 'subnets').exactOptional(),
  vpcSecurityGroupIds: idsOf('sg', 'security groups').exactOptional(),
  permissionsBoundary: z
    .string()
    .regex(/^arn:aws[\w-]*:iam::(\d{12}|aws):policy\/.+$/, {
      error: 'must be the ARN of a policy: arn:aws:iam::<account>:policy/…',
    })
    .exactOptional(),
  logKmsKeyArn: arn('kms', 'key/.+').exactOptional(),
  tags: tags.default({}),
  deploymentBucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
      error: 'must be the name of an S3 bucket: platform-artifacts',
    })
    .exactOptional(),
})

type Raw = z.output<typeof raw>

/** The names of all parameters. */
export const parameterNames: readonly string[] = Object.keys(raw.shape)

/** Checks written parameters. Returns all problems, each beginning with the parameter's name. A missing one can be null. */
export const parseParameters = (written: Readonly<Record<string, unknown>>): ParsedParameters => {
  const unknown = Object.keys(written)
    .filter((name) => !parameterNames.includes(name))
    .map((name) => describeUnknown(name))
  const given = Object.fromEntries(
    Object.entries(written).filter(([, value]) => value !== null && value !== undefined),
  )
  const result = raw.safeParse(given)
  const wrong = result.success
    ? clashes(result.data)
    : result.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`)
  const problems = [...new Set([...unknown, ...wrong])]
  if (isNonEmpty(problems)) return { kind: 'problems', problems }
  if (!result.success) throw result.error
  return { kind: 'parameters', parameters: resolve(result.data) }
}

const describeUnknown = (name: string): string => {
  const closest = closestName(name, parameterNames)
  return closest === undefined ? `${name} is not a parameter` : `${name} is not a parameter: ${closest}?`
}

/** Returns the problems of parameters that exclude or need each other. */
const clashes = (written: Raw): string[] => [
  ...(written.exposure === 'private' && written.vpcEndpointIds === undefined
    ? ['vpcEndpointIds must list the VPC endpoints that can call a private endpoint']
    : []),
  ...(written.exposure === 'private' && written.allowedCidrs !== undefined
    ? ['allowedCidrs needs exposure=regional: a private endpoint is called from a VPC']
    : []),
  ...(written.exposure === 'private' && written.domainName !== undefined
    ? ['domainName needs exposure=regional']
    : []),
  ...(written.exposure === 'regional' && written.vpcEndpointIds !== undefined
    ? ['vpcEndpointIds needs exposure=private']
    : []),
  ...((written.domainName === undefined) === (written.certificateArn === undefined)
    ? []
    : ['domainName and certificateArn must be set together']),
  ...((written.vpcSubnetIds === undefined) === (written.vpcSecurityGroupIds === undefined)
    ? []
    : ['vpcSubnetIds and vpcSecurityGroupIds must be set together']),
  ...((written.provisionedConcurrency ?? 0) > (written.reservedConcurrency ?? Infinity)
    ? ['provisionedConcurrency must not be greater than reservedConcurrency']
    : []),
]

const resolve = ({
  exposure,
  allowedCidrs = [],
  vpcEndpointIds = [],
  kmsKeyArns = [],
  domainName,
  certificateArn,
  throttleRate,
  throttleBurst,
  vpcSubnetIds: subnetIds = [],
  vpcSecurityGroupIds: securityGroupIds = [],
  ...rest
}: Raw): StackParameters => ({
  ...rest,
  kmsKeyArns,
  ...(isNonEmpty(subnetIds) && isNonEmpty(securityGroupIds) ? { vpc: { subnetIds, securityGroupIds } } : {}),
  exposure:
    exposure === 'private' && isNonEmpty(vpcEndpointIds)
      ? { kind: 'private', vpcEndpointIds }
      : {
          kind: 'regional',
          ...(isNonEmpty(allowedCidrs) ? { allowedCidrs } : {}),
          ...(domainName === undefined || certificateArn === undefined
            ? {}
            : { domain: { name: domainName, certificateArn } }),
        },
  throttle: { rate: throttleRate, burst: throttleBurst },
})
