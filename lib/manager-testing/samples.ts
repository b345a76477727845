import type { Host } from '../manager-kit/definition.ts'
import type { PodFacts } from '../manager-kit/manager.ts'
import type { SecretRequest } from '../request/secret-request.ts'

/** The default facts about the deployment for a manager. */
export const host: Host = { envVarPrefix: '_FSEC_', profile: 'flyte1' }

/** A request with these fields, as read from an annotation. */
export const requestOf = (fields: Partial<SecretRequest> = {}): SecretRequest => ({
  annotation: 'flyte.secrets/s0',
  group: '',
  groupVersion: '',
  key: '',
  mountRequirement: 'ANY',
  envVar: '',
  ...fields,
})

/** The facts of a pod for a manager. */
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

/** A secret that a manager has. Requests leave out its missing fields. */
export type Sample = Partial<Pick<SecretRequest, 'group' | 'groupVersion' | 'key' | 'envVar'>>

const sample = { group: 'db', groupVersion: '1', key: 'Password', envVar: 'DB_PASSWORD' } as const
const fields = ['group', 'groupVersion', 'key', 'envVar'] as const
const mountRequirements = ['ANY', 'ENV_VAR', 'FILE'] as const

/** Every form of a request: each `mount_requirement`, with and without group, group_version, key and env_var. */
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

/** The marks that show that a shell ran or expanded a text, or that the kubelet expanded it. */
export const canary = {
  /** A program. */
  program: 'flyte-canary',
  /** A variable of the container. */
  variable: 'FLYTE_CANARY',
} as const

const { program, variable } = canary

/** Text that a shell would run or expand, or the kubelet would expand, at the end of another text. */
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

/** Text that a program would read as an option, or a path that leads to another file or nowhere. */
const whole = ['--help', '-rf', '..', '../../bin', '/', '//a//b//', ' a b  c\t', 'grün 🔑', 'a'.repeat(300)]

/** Texts that a shell would run or expand, that the kubelet would expand, or that lead to another place. */
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
