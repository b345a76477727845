import { describe, expect, it } from 'vitest'
import { defineManager } from '../../lib/manager-kit/definition.ts'
import type { PodFacts, PureManager, Resolution } from '../../lib/manager-kit/manager.ts'
import { asVariable, fileVariables, literal, notMine } from '../../lib/manager-kit/manager.ts'
import { fetched, fetchedPath, onePullContainerEach, type Puller } from '../../lib/manager-kit/pull.ts'
import { withoutExpansion } from '../../lib/kubelet-expansion.ts'
import { shellWord } from '../../lib/manager-kit/shell.ts'
import type { FetchStep } from '../../lib/manager-kit/wants.ts'
import { managerChecks, type Tried } from '../../lib/manager-testing/checks.ts'
import type { SecretRequest } from '../../lib/request/secret-request.ts'

const puller: Puller = { prefix: 'made', image: 'i', resources: {}, mountPath: '/mnt/made' }
type Resolve = (request: SecretRequest, pod: PodFacts) => Resolution
type Command = (request: SecretRequest, path: string) => FetchStep['command']

const positional: Command = ({ group, key }, path) => [
  'sh',
  '-ec',
  withoutExpansion('mkdir -p "${3%/*}"; made "$1" "$2" > "$3"'),
  'sh',
  ...[group, key, path].map(withoutExpansion),
]

/** Serves a file with an init container that runs this command. */
const fetching =
  (
    command: Command,
    identityOf = (request: SecretRequest, path: string) => `${request.key} ${path}`,
  ): Resolve =>
  (request, pod) => {
    if (request.group === '' || request.key === '') return notMine('it needs more')
    const path = fetchedPath(request, pod, request.group, request.key)
    if (path.kind === 'unusable') return notMine(path.why)
    const step = { command: command(request, path.absolute) } as FetchStep
    const identity = identityOf(request, path.absolute)
    return { kind: 'found', wants: fetched(request, path, { puller, identity, step }) }
  }

/** Adds fields to each step of a manager's answer. */
const withStep =
  (resolve: Resolve, more: FetchStep): Resolve =>
  (request, pod) => {
    const said = resolve(request, pod)
    if (said.kind !== 'found') return said
    const [first, ...rest] = said.wants
    return first.kind === 'fetch'
      ? { ...said, wants: [{ ...first, step: { ...first.step, ...more } }, ...rest] }
      : said
  }

const variablesOnly: Resolve = ({ key }) =>
  key === '' ? notMine('it needs a key') : { kind: 'found', wants: [literal('A', key)] }

const definitionOf = (resolve: Resolve, more: Partial<PureManager> = {}, trial?: object) =>
  defineManager({
    name: 'Made',
    summary: 'made for this test',
    makes: 'files',
    reader: 'container',
    keys: { place: { kind: 'text', default: 'here', help: 'Where.' } },
    ...(trial === undefined ? {} : { trial: () => ({ mount: 'FILE', ...trial }) as const }),
    create: () => ({
      name: 'Made',
      resolve,
      pullContainers: (steps) => onePullContainerEach(puller, steps),
      ...more,
    }),
  })

/** Returns the message of each failed check. */
const faultsOf = async (
  definition: ReturnType<typeof definitionOf>,
  tried: Tried<{ place: string }> = {},
): Promise<Record<string, string>> => {
  const faults: Record<string, string> = {}
  for (const { name, check } of managerChecks(definition, tried))
    await check().catch((error: unknown) => {
      faults[name.replace('Made ', '')] = error instanceof Error ? error.message : 'no error'
    })
  return faults
}

/** Puts a word of the request into a script, quoted by this function. */
const quoting = (quoted: (text: string) => string) =>
  fetching(({ key }) => ['sh', '-ec', `made get ${quoted(key)}`])

const shell =
  'the shell runs or expands it: pass it to the script as an argument ("$1"), or quote it with shellWord'
const kubelet = 'the kubelet expands it: pass each word of the command through withoutExpansion'

describe('the checks of a manager', () => {
  it.each([
    { what: 'whose script gets words', resolve: fetching(positional) },
    { what: 'whose script has quoted words', resolve: quoting((text) => withoutExpansion(shellWord(text))) },
    { what: 'whose program is not a shell', resolve: fetching(({ key }) => ['made', withoutExpansion(key)]) },
    { what: 'that makes variables', resolve: variablesOnly },
    {
      what: 'whose container has a key of a Secret',
      resolve: withStep(fetching(positional), {
        env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'made', key: 'token' } } }],
      }),
    },
  ])('pass for one $what', async ({ resolve }) => {
    expect(await faultsOf(definitionOf(resolve, {}, { group: 'db' }))).toEqual({})
  })

  it('name the manager', () => {
    const names = managerChecks(definitionOf(fetching(positional))).map(({ name }) => name)
    expect(names).toHaveLength(9)
    expect(names[0]).toBe('Made serves a request')
  })

  it.each([
    { what: 'is not quoted', quoted: (text: string) => withoutExpansion(text) },
    { what: 'is in double quotes', quoted: (text: string) => `"${withoutExpansion(text)}"` },
    { what: 'is in single quotes', quoted: (text: string) => `'${withoutExpansion(text)}'` },
    {
      what: 'is quoted by JSON',
      quoted: (text: string) => withoutExpansion(JSON.stringify(text)),
    },
    {
      what: 'is in a second command, which runs if the first fails',
      quoted: (text: string) => `a || made get "${withoutExpansion(text)}"`,
    },
    {
      what: 'is in a second command, which runs if the first succeeds',
      quoted: (text: string) => `a && made get "${withoutExpansion(text)}"`,
    },
    {
      what: 'is in a here document',
      quoted: (text: string) => `<< END > /mnt/made/f\n${withoutExpansion(text.replaceAll('\n', ' '))}\nEND`,
    },
  ])('find a text of a request that $what', async ({ quoted }) => {
    expect(await faultsOf(definitionOf(quoting(quoted)))).toEqual({
      'protects the texts of a request from the shell and the kubelet': expect.stringMatching(
        new RegExp(`^\\{"group":.*\\}: ${shell.replace(/[()$"]/g, '\\$&')}$`, 's'),
      ),
    })
  })

  it('find a word after the script that the script uses unquoted', async () => {
    const resolve = fetching(({ key }) => ['sh', '-c', 'made get $1', 'sh', withoutExpansion(key)])
    expect(Object.values(await faultsOf(definitionOf(resolve)))).toEqual([expect.stringContaining(shell)])
  })

  it.each([
    { what: 'in a script', resolve: quoting(shellWord) },
    { what: 'of another program', resolve: fetching(({ key }) => ['made', key]) },
  ])('find a word $what that the kubelet expands', async ({ resolve }) => {
    expect(Object.values(await faultsOf(definitionOf(resolve)))).toEqual([expect.stringContaining(kubelet)])
  })

  const rows: readonly { check: string; resolve: Resolve; message: string; more?: Partial<PureManager> }[] = [
    {
      check: 'serves a request',
      resolve: () => notMine('it is shy'),
      message: 'it serves no test request (it is shy). Name one that it serves: ',
    },
    {
      check: 'answers every request at once, with wants or a reason',
      resolve: (async () => notMine('later')) as unknown as Resolve,
      message: 'it returns a promise, but must answer at once',
    },
    {
      check: 'answers every request at once, with wants or a reason',
      resolve: (() => undefined) as unknown as Resolve,
      message: 'it returns neither wants nor a reason (notMine)',
    },
    {
      check: 'answers every request at once, with wants or a reason',
      resolve: () => notMine(''),
      message: 'it returns neither wants nor a reason (notMine)',
    },
    {
      check: 'answers every request at once, with wants or a reason',
      resolve: ({ key }) => notMine(decodeURIComponent(`%${key}`)),
      message: 'it throws (URI malformed)',
    },
    {
      check: 'gives the same answer again',
      resolve: (request) => ({
        kind: 'found',
        wants: [literal('A', String(Math.random())), ...fileVariables(request, '/f')],
      }),
      message: 'it gives another answer when asked again',
    },
    {
      check: 'wants nothing that breaks a rule',
      resolve: ({ key }) => ({
        kind: 'found',
        wants: [literal('A', '1'), { kind: 'file', path: `/bin/${key}`, root: '/bin', identity: '' }],
      }),
      message: 'file /bin/Password: Made: its root must be /etc/flyte/secrets or a path below',
    },
    {
      check: 'wants nothing that breaks a rule',
      resolve: fetching(positional),
      more: { pullContainers: (steps) => onePullContainerEach({ ...puller, prefix: 'Made' }, steps) },
      message: 'init container Made-pull-secret-0: Made: its name must be a DNS-1123 label',
    },
    {
      check: 'gives the same identity only to identical fetches',
      resolve: fetching(
        ({ groupVersion }) => ['made', withoutExpansion(groupVersion)],
        () => 'always',
      ),
      message: 'two fetches have the identity ["[\\"made\\",\\"always\\"]",',
    },
    {
      check: 'wants no init container in a pod for Windows',
      resolve: (request, pod) => fetching(positional)(request, { ...pod, os: 'linux' }),
      message: 'it wants an init container, but its image is for Linux',
    },
    {
      check: 'makes variables from files only if the pod supports them',
      resolve: (request) => ({
        kind: 'found',
        wants: asVariable(request, {
          group: 'g',
          envVarPrefix: '_FSEC_',
          source: { kind: 'fileKeyRef', volumeName: 'v', path: 'a', key: 'V', content: 'c' },
        }),
      }),
      message: 'it makes a variable from a file, but the pod does not support this (pod.envFiles)',
    },
  ]
  it.each(rows)('report the problem: $message', async ({ check, resolve, message, more }) => {
    const faults = await faultsOf(definitionOf(resolve, more))
    expect(faults[check]).toContain(message)
  })

  it('find a trial that the manager does not serve', async () => {
    const faults = await faultsOf(definitionOf(fetching(positional), {}, { mount: 'ENV_VAR' }))
    expect(faults).toEqual({
      'serves the trial of doctor': expect.stringContaining('its trial asks for this'),
    })
  })

  it('try the given secret', async () => {
    const resolve: Resolve = (request, pod) =>
      request.group === 'arn:a' ? fetching(positional)(request, pod) : notMine('it is another')
    const served = 'serves a request'
    expect(await faultsOf(definitionOf(resolve))).toHaveProperty([served])
    expect(await faultsOf(definitionOf(resolve), { request: { group: 'arn:a' } })).toEqual({})
  })
})
