import type { RequestFields } from '../../preview/readable-request.ts'

/** How one of Flyte's SDKs asks for a secret: a Python expression, or why it cannot. */
export type PythonRequests =
  | { readonly kind: 'expression'; readonly python: string }
  | { readonly kind: 'impossible'; readonly why: string }

/** The names of variables that both SDKs accept. */
const variableName = /^[A-Z_][A-Z0-9_]*$/

/** Returns the request in flytekit (`flytekit.Secret`, flytekit/models/security.py), which refuses one without a group. */
export const flytekitSecret = (request: RequestFields): PythonRequests => {
  const { group, groupVersion, key, mountRequirement, envVar } = request
  if (envVar !== '' && !variableName.test(envVar))
    return impossible('flytekit accepts only upper-case letters, digits and _ in an env_var')
  return call('Secret', [
    ['group', quoted(group)],
    ['key', key === '' ? '' : quoted(key)],
    ['group_version', groupVersion === '' ? '' : quoted(groupVersion)],
    ['mount_requirement', mountRequirement === 'ANY' ? '' : `Secret.MountType.${mountRequirement}`],
    ['env_var', envVar === '' ? '' : quoted(envVar)],
  ])
}

/** Returns the request in the Flyte 2 SDK (`flyte.Secret`, flyte/_secret.py), which supports fewer fields. */
export const flyteSecret = (request: RequestFields): PythonRequests => {
  const { group, key, mountRequirement, envVar } = request
  const why = whyNotFlyte(request)
  if (why !== undefined) return impossible(why)
  return call('flyte.Secret', [
    ['key', quoted(key)],
    ['group', group === '' ? '' : quoted(group)],
    mountRequirement === 'FILE' ? ['mount', 'Path("/etc/flyte/secrets")'] : ['as_env_var', quoted(envVar)],
  ])
}

const whyNotFlyte = ({ groupVersion, mountRequirement, envVar }: RequestFields): string | undefined => {
  if (groupVersion !== '') return 'the Flyte 2 SDK has no group_version'
  if (mountRequirement === 'ANY') return 'the Flyte 2 SDK asks for ENV_VAR or FILE, never for ANY'
  if (mountRequirement === 'FILE')
    return envVar === '' ? undefined : 'the Flyte 2 SDK does not support an env_var for a file'
  if (envVar === '') return 'the Flyte 2 SDK always names the variable: set an env_var'
  return variableName.test(envVar)
    ? undefined
    : 'the Flyte 2 SDK accepts only upper-case letters, digits and _ in an env_var'
}

const impossible = (why: string): PythonRequests => ({ kind: 'impossible', why })

/** Returns a call with the arguments that are not empty. */
const call = (callee: string, parameters: readonly (readonly [string, string])[]): PythonRequests => ({
  kind: 'expression',
  python: `${callee}(${parameters
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')})`,
})

/** Returns a string of Python, which has all escapes of JSON. Escapes invisible characters too. */
const quoted = (text: string): string =>
  JSON.stringify(text.toWellFormed()).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16)
    return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`
  })

/** Returns a file with a task of flytekit that asks for secrets. */
export const flytekitTask = (secrets: readonly string[]): string =>
  `from flytekit import Secret, task

@task(
    secret_requests=[
${indented(secrets)}
    ]
)
def my_task() -> None: ...
`

/** Returns a file with an environment of the Flyte 2 SDK whose tasks get secrets. */
export const flyteEnvironment = (secrets: readonly string[]): string =>
  `${secrets.some((secret) => secret.includes('mount=Path(')) ? 'from pathlib import Path\n\n' : ''}import flyte

env = flyte.TaskEnvironment(
    name="my_env",
    secrets=[
${indented(secrets)}
    ],
)
`

const indented = (secrets: readonly string[]): string =>
  secrets.map((secret) => `        ${secret},`).join('\n')
