import type { SecretRequest } from '../request/secret-request.ts'
import { withoutTrailing } from '../manager-kit/pull.ts'

/** The parameters for the AWS CLI. A missing one is empty. */
export interface AwsSecret {
  readonly kind: 'secret'
  /** A name or an ARN. */
  readonly id: string
  readonly region: string
  readonly stage: string
  readonly versionId: string
  /** The key of a secret that is a JSON object. */
  readonly jsonKey: string
}

/** Secrets Manager, CreateSecret: the characters of a name. The CLI would read a leading `-` as an option. */
const name = /^[A-Za-z0-9/_+=.@][A-Za-z0-9/_+=.@-]*$/
/** Secrets Manager, GetSecretValue, `SecretId`: a name, an ARN, or an ARN without its last six characters. */
const maxIdLength = 2048
/** IAM, ARN format: `arn:partition:service:region:account:secret:name`. */
const arn = /^arn:[a-z0-9-]+:secretsmanager:([a-z0-9-]*):[0-9]*:secret:([^:]*)$/
/** A stage is a label; the CLI would read some texts as options or files. */
const label = /^[A-Za-z0-9/_+=.@][A-Za-z0-9/_+=.@-]{0,255}$/
/** Secrets Manager, GetSecretValue, `VersionId`: 32 to 64 characters. In practice no stage is this long. */
const versionId = /^.{32,64}$/

export const noJsonKey = 'a key of a JSON secret must follow the #'
export const noId = 'not a valid ARN or name of a secret in AWS (# and a key of a JSON secret can follow it)'
export const noVersion = 'group_version is not a valid stage or version id'

/** The secret that a request means, or why it names none of this kind (specification §4.3). */
export const awsSecret = (
  request: SecretRequest,
): AwsSecret | { readonly kind: 'none'; readonly why: string } => {
  const { groupVersion } = request
  const { id, jsonKey } = idAndKey(request)
  const [, region = '', nameInArn = id] = arn.exec(id) ?? []
  if (jsonKey === '') return none(noJsonKey)
  if (id.length > maxIdLength || !name.test(nameInArn)) return none(noId)
  if (groupVersion !== '' && !label.test(groupVersion)) return none(noVersion)
  const version = versionId.test(groupVersion)
    ? { stage: '', versionId: groupVersion }
    : { stage: groupVersion, versionId: '' }
  return { kind: 'secret', id, region, ...version, jsonKey: jsonKey ?? '' }
}

/**
 * The group is an ARN prefix that the key completes, with one colon between them: `arn:…:secret` and `db`, or
 * `db#password` for one key of a JSON secret. If the group is already a complete id (a name or an ARN), the key only selects
 * a key inside it: `db` and `password` or `#password`. Without a group,
 * the key is the id: `db` or `db#password`. Names contain neither `#` nor a colon, so both forms are unambiguous.
 */
const idAndKey = ({
  group,
  key,
}: SecretRequest): { readonly id: string; readonly jsonKey: string | undefined } => {
  const prefix = withoutTrailing(group, ':')
  const isWhole = prefix !== '' && (!prefix.startsWith('arn:') || arn.test(prefix))
  if (isWhole) return { id: prefix, jsonKey: key.replace(/^[:#]/, '') }
  const hash = key.indexOf('#')
  const [start, jsonKey] = hash < 0 ? [key, undefined] : [key.slice(0, hash), key.slice(hash + 1)]
  return { id: prefix === '' ? start : `${prefix}:${start.replace(/^:+/, '')}`, jsonKey }
}

const none = (why: string) => ({ kind: 'none', why }) as const
