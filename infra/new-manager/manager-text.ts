/** The names of a new manager: in the configuration, and where only lower case is allowed. */
export interface ManagerName {
  /** `MyStore`. */
  readonly name: string
  /** `my-store`: the name of its file, and the prefix of its init containers. */
  readonly file: string
}

/** Returns the code of a manager that serves a file for any group and key, for its author to start from. */
export const managerText = ({ name, file }: ManagerName): string => `import {
  defineManager,
  fetched,
  fetchedPath,
  needsGroupAndKey,
  notMine,
  onePullContainerEach,
  type Puller,
  pullKeys,
  scriptCommand,
  secretsDirectory,
} from 'flyte-webhook/manager'

/** The init container's script for a secret: $1 is its group, $2 its key, $3 the file. Replace fetch-secret with your program. */
const script = 'set -eu; mkdir -p "$(dirname "$3")"; fetch-secret "$1" "$2" > "$3"'

export default defineManager({
  name: '${name}',
  summary: 'secrets of ${name}, fetched into files by an init container',
  makes: 'files',
  reader: 'container',
  // The keys of function.managers.${name}. Each is optional.
  keys: { ...pullKeys('registry.example.com/${file}:1') },
  trial: () => ({ mount: 'FILE' }),
  create: ({ sidecarImage, resources }) => {
    const puller: Puller = { prefix: '${file}', image: sidecarImage, resources, mountPath: secretsDirectory }
    return {
      name: '${name}',
      resolve(request, pod) {
        const { group, key } = request
        if (group === '' || key === '') return notMine(needsGroupAndKey)
        const path = fetchedPath(request, pod, group, key)
        if (path.kind === 'unusable') return notMine(path.why)
        // The texts of a request can be hostile. Pass them as arguments, never as a part of the script.
        const command = scriptCommand(script, [{ args: [group, key, path.absolute] }])
        const identity = JSON.stringify([group, key])
        return { kind: 'found', wants: fetched(request, path, { puller, identity, step: { command } }) }
      },
      pullContainers: (steps) => onePullContainerEach(puller, steps),
    }
  },
})
`

/** Returns the manager's test, for Node's test runner. */
export const testText = ({
  name,
  file,
}: ManagerName): string => `// Run it with: node --test managers/${file}.test.ts (Node 22.18 or newer)
// With vitest: import { test } from 'vitest' instead of 'node:test'.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { initContainersOf, managerChecks, managerOf, play, requestOf } from 'flyte-webhook/manager/testing'
import definition from './${file}.ts'

for (const { name, check } of managerChecks(definition)) test(name, check)

test('${name} writes what its program prints into the file that flytekit reads', async () => {
  const request = requestOf({ group: 'Db', key: 'Password', mountRequirement: 'FILE' })
  const [container] = initContainersOf(managerOf(definition), request)
  const played = await play(container, {
    programs: { 'fetch-secret': 'printf "%s of %s" "$2" "$1"' },
  })
  assert.equal(played.status, 0, played.stderr)
  assert.deepEqual(played.files, { '/etc/flyte/secrets/db/password': 'Password of Db' })
})

test('${name} fails the pod if its program fails', async () => {
  const request = requestOf({ group: 'Db', key: 'Password', mountRequirement: 'FILE' })
  const [container] = initContainersOf(managerOf(definition), request)
  const played = await play(container, { programs: { 'fetch-secret': 'exit 3' } })
  assert.equal(played.status, 3)
})
`

/** Returns a configuration that uses the manager. */
export const configurationText = ({ name, file }: ManagerName): string => `webhook:
  secretManagerTypes: [${name}]
function:
  profile: flyte1
  managers:
    ${name}:
      from: ./managers/${file}.ts
`
