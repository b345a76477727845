// Run it with: node --test examples/managers/confidant.test.ts (Node 22.18 or newer; the secrets need python3)
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import {
  initContainersOf,
  managerChecks,
  managerOf,
  play,
  podFacts,
  requestOf,
  shellsHere,
} from 'flyte-webhook/manager/testing'
import confidant from './confidant.ts'

const options = { sidecarImage: 'registry.example.com/confidant-client:1' }
for (const { name, check } of managerChecks(confidant, { options })) test(name, check)

// python3 may be a script that finds the program.
const printPath = ['-c', 'import sys; print(sys.executable)']
const asked = spawnSync('python3', printPath, { encoding: 'utf8' })
const python = asked.status === 0 ? asked.stdout.trim() : ''
const skip = python === '' ? 'python3 is missing' : false

const request = requestOf({ group: 'Web-Production', key: 'DB_password', mountRequirement: 'FILE' })

/** The output of the client (github.com/lyft/python-confidant-client, confidant_client/cli.py, `main`). */
const found = (pairs: object, blindPairs: object): string =>
  JSON.stringify({
    result: true,
    service: {
      id: 'web-production',
      credentials: [{ id: 'a', name: 'a', revision: 1, credential_pairs: pairs }],
      blind_credentials: [{ id: 'b', name: 'b', revision: 1, decrypted_credential_pairs: blindPairs }],
    },
  })

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** Replaces the client. It has one service. For any other, it prints that there is no result, and fails. */
const programsFor = (service: string, output: string) => ({
  confidant: `[ "$1" = get_service ] || exit 2
[ "$2" = ${quoted(`--service=${service}`)} ] || { echo '{"result": false}'; exit 1; }
printf %s ${quoted(output)}`,
  'confidant-format': `[ "$*" = '--out-format credential_combined' ] || exit 2
exec ${python} -c '
import json, sys
service = json.load(sys.stdin).get("service", {})
pairs = {}
for one in service.get("credentials", []): pairs.update(one["credential_pairs"])
for one in service.get("blind_credentials", []): pairs.update(one["decrypted_credential_pairs"])
print(json.dumps({"credentials": pairs, "credentials_metadata": {}}))'`,
  python3: `exec ${python} "$@"`,
})

const values = ['s3cret', '', `"quoted" 'twice' \\ $(id) \`id\` $HOME`, 'two\nlines\n', 'grün 🔑']
const texts = ['Web', '--help', `it's; "mine" $(id) $HOME`, '$(PATH) $$']

for (const shell of shellsHere)
  describe(`Confidant in ${shell.name}`, { skip }, () => {
    const played = (fields: object, programs: Readonly<Record<string, string>>) => {
      const [container] = initContainersOf(managerOf(confidant, { options }), { ...request, ...fields })
      return play(container, { shell, programs })
    }

    for (const value of values)
      test(`writes a credential unchanged: ${JSON.stringify(value)}`, async () => {
        const programs = programsFor('Web-Production', found({ DB_password: value }, {}))
        const { status, stderr, files } = await played({}, programs)
        assert.equal(status, 0, stderr)
        assert.deepEqual(files, { '/etc/flyte/secrets/web-production/db_password': value })
      })

    for (const text of texts)
      test(`asks for service and key by their exact names: ${text}`, async () => {
        const programs = programsFor(text, found({ [text]: 's3cret' }, {}))
        const { status, stderr, files } = await played({ group: text, key: text }, programs)
        assert.equal(status, 0, stderr)
        const name = text.toLowerCase()
        assert.deepEqual(files, { [`/etc/flyte/secrets/${name}/${name}`]: 's3cret' })
      })

    test('writes a blind credential', async () => {
      const programs = programsFor('Web-Production', found({}, { DB_password: 'seen by nobody' }))
      const { files } = await played({}, programs)
      assert.deepEqual(files, { '/etc/flyte/secrets/web-production/db_password': 'seen by nobody' })
    })

    for (const fields of [{ group: 'other' }, { key: 'other' }])
      test(`fails the pod if the credential does not exist: ${JSON.stringify(fields)}`, async () => {
        const programs = programsFor('Web-Production', found({ DB_password: 's3cret' }, {}))
        const { status, stderr } = await played(fields, programs)
        assert.equal(status, 1)
        assert.match(stderr, /KeyError/)
      })
  })

test('Confidant serves nothing without an image, and says so', () => {
  const reason =
    'function.managers.Confidant.sidecarImage is missing: name an image with the client of Confidant'
  assert.deepEqual(managerOf(confidant).resolve(request, podFacts()), { kind: 'not-mine', reason })
  assert.equal(confidant.notices?.({ resources: { requests: {}, limits: {} } }).length, 1)
})
