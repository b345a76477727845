import type { SecretRequest } from '../../lib/request/secret-request.ts'
import { type CommandFailure, wrongUsage } from '../failure.ts'

/** The fields of a request, without its annotation. */
export type RequestFields = Omit<SecretRequest, 'annotation'>

/** The readable form of a request, as `--help` shows it. */
export const requestForm = 'group/key[@version][:FILE|:ENV_VAR][=ENV_NAME]'

/** The explanation of that form in `--help`. */
export const requestFormHelp = `
A request is written ${requestForm}:
  The key follows the last slash. The group before it can contain slashes and
  colons. Either can be empty. version is the group_version. ENV_NAME is one
  more variable, for the value or for the file's path. Write %40 %3A %3D %2F %25
  for an @ : = / % within a part, as in a URL. Only a group can contain : and /
  unescaped.

  db-creds/password:ENV_VAR      a key of a Kubernetes Secret, as a variable
  arn:aws:secretsmanager:eu-west-1:123456789012:secret:db/user
                                 AWS Secrets Manager
  secret/data/db/password@kv2    Vault
  db-password/@3:FILE=DB_FILE    GCP, which needs no key`

/** The part after the last slash. No part contains a sign that begins the next one. */
const tailForm =
  /^(?<key>[^@:=]*)(?:@(?<version>[^@:=]+))?(?::(?<mount>FILE|ENV_VAR))?(?:=(?<envVar>[^@:=]+))?$/

/** Reads a request in its readable form. Anything else is wrong usage, and the message says how to write it. */
export const parseRequest = (text: string): RequestFields => {
  const slash = text.lastIndexOf('/')
  if (slash < 0)
    throw wrong(
      text,
      'it has no slash between group and key: write db/ for a group alone, /password for a key alone',
    )
  const [group, tail] = [text.slice(0, slash), text.slice(slash + 1)]
  if (/[@=]/.test(group))
    throw wrong(text, 'an @ or = comes before the last slash: write %40 or %3D, or %2F for that slash')
  const { key, version = '', mount, envVar = '' } = tailForm.exec(tail)?.groups ?? {}
  if (key === undefined) throw wrong(text, whyNoTail(tail))
  return {
    group: unescaped(text, group),
    groupVersion: unescaped(text, version),
    key: unescaped(text, key),
    mountRequirement: mount === 'FILE' || mount === 'ENV_VAR' ? mount : 'ANY',
    envVar: unescaped(text, envVar),
  }
}

const whyNoTail = (tail: string): string => {
  const [, mount] = /:([^@:=]*)/.exec(tail) ?? []
  if (mount !== undefined && mount !== 'FILE' && mount !== 'ENV_VAR')
    return `only FILE or ENV_VAR can follow the colon after the key: write %3A for a colon in the key`
  return `only key[@version][:FILE|:ENV_VAR][=ENV_NAME] can follow the last slash, in this order and each once: write %40, %3A or %3D for an @, : or = in a part`
}

const unescaped = (text: string, part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch (cause) {
    throw wrong(text, 'a % must begin an escape such as %2F: write %25 for a literal %', cause)
  }
}

const wrong = (text: string, why: string, cause?: unknown): CommandFailure =>
  wrongUsage(`${JSON.stringify(text)} is not ${requestForm}: ${why}`, { cause })

/** Characters with a meaning in the form, and those that would steer a terminal. */
const special = /[%@=:/\p{C}\p{Z}]/gu
const specialInGroup = /[%@=\p{C}\p{Z}]/gu

/** Writes any request in its readable form, which `parseRequest` reads back unchanged. */
export const formatRequest = ({
  group,
  groupVersion,
  key,
  mountRequirement,
  envVar,
}: RequestFields): string =>
  [
    `${escaped(group, specialInGroup)}/${escaped(key)}`,
    groupVersion === '' ? '' : `@${escaped(groupVersion)}`,
    mountRequirement === 'ANY' ? '' : `:${mountRequirement}`,
    envVar === '' ? '' : `=${escaped(envVar)}`,
  ].join('')

const escaped = (part: string, signs = special): string => part.replace(signs, encodeURIComponent)

/** Returns a request for a program: its readable form and its fields. */
export const requestDocument = (request: RequestFields) => ({
  request: formatRequest(request),
  ...secretMessage(request),
})

/** Returns the fields under the names of Flyte's `Secret` message. */
export const secretMessage = (request: RequestFields) => ({
  group: request.group,
  group_version: request.groupVersion,
  key: request.key,
  mount_requirement: request.mountRequirement,
  env_var: request.envVar,
})
