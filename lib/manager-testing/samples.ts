import type { Host } from '../manager-kit/definition.ts'
import type { PodFacts } from '../manager-kit/manager.ts'
import type { SecretRequest } from '../request/secret-request.ts'

/** What a manager may know of its deployment, as it is by default. */
export const host: Host = { envVarPrefix: '_FSEC_', profile: 'flyte1' }

/** A request that asks for these fields, as it is read from an annotation. */
export const requestOf = (fields: Partial<SecretRequest> = {}): SecretRequest => ({
  annotation: 'flyte.secrets/s0',
  group: '',
  groupVersion: '',
  key: '',
  mountRequirement: 'ANY',
  envVar: '',
  ...fields,
})

/** What a manager may know of a pod with these facts. */
export const podFacts = (facts: Partial<PodFacts> = {}): PodFacts => ({
  namespace: 'flytesnacks-development',
  labels: {},
  annotations: {},
  initContainers: [],
  containers: ['main'],
  cluster: 'local',
  user: 'flytepropeller',
  envFiles: false,
  ...facts,
})

/** A secret that a manager has: what a request leaves out stands in no field of it. */
export type Sample = Partial<Pick<SecretRequest, 'group' | 'groupVersion' | 'key' | 'envVar'>>

const sample = { group: 'db', groupVersion: '1', key: 'Password', envVar: 'DB_PASSWORD' } as const
const fields = ['group', 'groupVersion', 'key', 'envVar'] as const
const mountRequirements = ['ANY', 'ENV_VAR', 'FILE'] as const

/** Every form that a request can have: each `mount_requirement`, with and without group, group_version, key and env_var. */
export const requestShapes = (given: Sample = {}): readonly SecretRequest[] => {
  const full = { ...sample, ...given }
  const some = fields.reduce<readonly Sample[]>(
    (before, field) => [...before.map((one) => ({ ...one, [field]: full[field] })), ...before],
    [{}],
  )
  return some.flatMap((each) =>
    mountRequirements.map((mountRequirement) => requestOf({ ...each, mountRequirement })),
  )
}

/** Where it shows that a shell has run or expanded a text, or that the kubelet has expanded it. */
export const canary = {
  /** A program. */
  program: 'flyte-canary',
  /** A variable of the container. */
  variable: 'FLYTE_CANARY',
} as const

const { program, variable } = canary

/** What a shell would run or expand, or the kubelet would expand, at the end of some other text. */
const endings = [
  `; ${program}; b`,
  `\n${program}\nb`,
  ` & ${program} | ${program} || ${program}`,
  ` $(${program}) \`${program}\` b`,
  `'; ${program}; '`,
  `"; ${program}; "`,
  `\\"; ${program}; \\'`,
  `'"'"'$(${program})`,
  `"'"'"$(${program})`,
  ` > b < c $${variable} \${${variable}} * # ~ ! {a,b}`,
  `$(${variable}) $$(${variable}) $$$(${variable}) $$ $`,
  `\\$(${program})\\`,
  `}; ${program}; {`,
  `\nEOF\n${program}\nEOF\n${program}`,
  `\0b`,
]

/** What a program would take for an option, or what leads to another file, or to none. */
const whole = ['--help', '-rf', '..', '../../bin', '/', '//a//b//', ' a b  c\t', 'grün 🔑', 'a'.repeat(300)]

/** Texts that a shell would run or expand, that the kubelet would expand, or that lead somewhere else. */
export const hostileTexts: readonly string[] = [...endings.map((ending) => `a${ending}`), ...whole]

/** Requests with a hostile text in each field that names a secret, for a file and for a variable. */
export const hostileRequests = (given: Sample = {}): readonly SecretRequest[] => {
  const full = { ...sample, ...given }
  return (['group', 'groupVersion', 'key'] as const).flatMap((field) =>
    [...endings.map((ending) => `${full[field]}${ending}`), ...whole].flatMap((text) =>
      (['FILE', 'ENV_VAR'] as const).map((mountRequirement) =>
        requestOf({ ...full, [field]: text, mountRequirement }),
      ),
    ),
  )
}
