import { posix } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createVault } from '../../lib/managers/vault.ts'
import { host, podFacts } from '../../lib/manager-testing/samples.ts'
import { resolved } from '../managers/resolved.ts'
import type { Json } from '../support/pods.ts'

type Annotations = Readonly<Record<string, string>>

const prefix = 'vault.hashicorp.com/'
const directory = '/etc/flyte/secrets'
const request = { group: 'kv/app', key: 'token' }
const path = `${directory}/kv/app/token`

/** Go's `strconv.ParseBool`; the injector refuses the pod for any other text. */
const isTrue = (text: string): boolean => ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)

/** A path as a container runtime reads it: from the root, without empty segments, `.` and `..`. */
const cleaned = (text: string): string => posix.resolve('/', text)

/**
 * The volume and the path in it that a container sees at `path`, by vault-k8s 1.6.2 (`ShouldInject`, `secrets`,
 * `getUniqueMountPaths`, `ContainerVolumeMounts`): undefined if the agent is not injected, writes nothing of these annotations, or
 * two volumes are mounted there.
 */
const seenAt = (annotations: Annotations): string | undefined => {
  const of = (name: string): string | undefined => annotations[prefix + name]
  if (!isTrue(of('agent-inject') ?? '') || of('agent-inject-status') === 'injected') return undefined
  if (!isTrue(of('agent-pre-populate') ?? 'true') || (of('agent-configmap') ?? '') !== '') return undefined
  const common = of('secret-volume-path') ?? '/vault/secrets'
  const paths = new Set([
    common,
    ...namesIn(annotations).map((name) => of(`secret-volume-path-${name}`) ?? common),
  ])
  const above = [...paths].filter((one) => `${path}/`.startsWith(`${cleaned(one)}/`.replace('//', '/')))
  const length = Math.max(...above.map((one) => cleaned(one).length))
  const [nearest, other] = above.filter((one) => cleaned(one).length === length)
  return nearest === undefined || other !== undefined
    ? undefined
    : `${nearest}: ${posix.relative(cleaned(nearest), path)}`
}

const namesIn = (annotations: Annotations): readonly string[] =>
  Object.entries(annotations).flatMap(([key, value]) => {
    const [, name] =
      /^vault\.hashicorp\.com\/agent-inject-(?:secret|template-file|template)-(.+)$/.exec(key) ?? []
    return name === undefined || value.trim() === '' ? [] : [name]
  })

const commonPath = `${prefix}secret-volume-path`

const hasFilesAtDefaultPath = (own: Annotations): boolean =>
  own[commonPath] === undefined && namesIn(own).some((name) => own[`${commonPath}-${name}`] === undefined)

/** The volume and the path in it to which the agent writes the secret that was asked for. */
const writtenTo = (annotations: Annotations): string => {
  const own = Object.keys(annotations).find((key) => /agent-inject-file-[a-z0-9]{41}$/.test(key)) ?? ''
  const id = own.slice(-41)
  const common = annotations[`${prefix}secret-volume-path`] ?? '/vault/secrets'
  return `${annotations[`${prefix}secret-volume-path-${id}`] ?? common}: ${annotations[own]}`
}

/** Mostly true: otherwise nearly every pod would be refused for that alone. */
const truths = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('true', 'True', '1', 't') },
  { weight: 1, arbitrary: fc.constantFrom('false', 'yes', '', 'true ') },
)
const places = fc.constantFrom(
  directory,
  `${directory}/`,
  `${directory}/.`,
  '/etc/flyte//secrets',
  'etc/flyte/secrets',
  '/vault/secrets',
  `${directory}/kv`,
  '/etc/flyte/x/../secrets/kv/app/',
  path,
  '/etc/flyte',
  '/',
  `${directory}/other`,
)
const anyAnnotations = fc
  .record(
    {
      'agent-inject': truths,
      'agent-pre-populate': truths,
      'agent-inject-status': fc.constantFrom('injected', 'update', '', 'Injected'),
      'agent-configmap': fc.constantFrom('', '', '', 'mine'),
      'secret-volume-path': places,
      'secret-volume-path-db': places,
      'agent-inject-secret-db': fc.constantFrom('db', ' '),
      'agent-inject-template-file-web': fc.constant('/x.ctmpl'),
      'secret-volume-path-web': places,
    },
    { requiredKeys: [] },
  )
  .map((annotations) =>
    Object.fromEntries(Object.entries(annotations).map(([name, value]) => [prefix + name, value])),
  )
const operators = anyAnnotations.map((annotations) =>
  Object.fromEntries(Object.entries(annotations).filter(([key]) => key.includes('secret-volume-path'))),
)

it("a file of Vault is where its variables say and the pod's own stay, or the request is refused, whatever annotations say", async () => {
  let found = 0
  await fc.assert(
    fc.asyncProperty(anyAnnotations, operators, async (annotations, ofOperator) => {
      const vault = createVault({ role: 'flyte', kvVersion: '2', annotations: ofOperator }, host)
      const resolution: Json = await resolved(vault, request, { ...podFacts(), annotations })
      if (resolution.kind !== 'found') return
      found++
      const wanted = resolution.wants.filter(({ kind }: Json) => kind === 'annotation')
      const all = {
        ...Object.fromEntries(wanted.map(({ key, value }: Json) => [key, value])),
        ...annotations,
      }
      expect(seenAt(all)).toBe(writtenTo(all))
      if (hasFilesAtDefaultPath(annotations)) expect(all).not.toHaveProperty([commonPath])
    }),
    { numRuns: 5_000 },
  )
  expect(found).toBeGreaterThan(200)
})
