// Run it with: node --test examples/managers/doppler.test.ts (Node 22.18 or newer)
import assert from 'node:assert/strict'
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
import doppler from './doppler.ts'

for (const { name, check } of managerChecks(doppler)) test(name, check)

/** Replaces the CLI. It has one secret, and accepts one token. */
const programFor = (project: string, config: string, value: string): string => `
[ "$DOPPLER_TOKEN" = dp.st.example ] || { echo 'Doppler Error: Invalid Auth token' >&2; exit 1; }
[ "$1 $2 $4" = 'secrets get --plain' ] && [ "$5" = ${quoted(`--project=${project}`)} ] && [ "$6" = ${quoted(`--config=${config}`)} ] || exit 2
[ "$3" = DB_PASSWORD ] || { echo "Doppler Error: Could not find requested secret: $3" >&2; exit 1; }
printf '%s\\n' ${quoted(value)}`
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

const secrets = { 'doppler-token': { token: 'dp.st.example' } }
const request = requestOf({ group: 'Shop', key: 'db_password', mountRequirement: 'FILE' })

const values = ['s3cret', '', `"quoted" 'twice' \\ $(id) \`id\` $HOME`, 'two\nlines', 'grün 🔑']
const projects = ['Shop', '--help', `it's; "mine" $(id) $HOME`, '$(DOPPLER_TOKEN) $$']

for (const shell of shellsHere)
  describe(`Doppler in ${shell.name}`, () => {
    const played = (fields: object, program: string, pod = podFacts()) => {
      const [container] = initContainersOf(managerOf(doppler), { ...request, ...fields }, pod)
      return play(container, { shell, secrets, programs: { doppler: program } })
    }

    for (const value of values)
      test(`writes a secret unchanged: ${JSON.stringify(value)}`, async () => {
        const { status, stderr, files } = await played({}, programFor('Shop', 'prd', value))
        assert.equal(status, 0, stderr)
        assert.deepEqual(files, { '/etc/flyte/secrets/shop/db_password': value })
      })

    for (const group of projects)
      test(`asks for a project by its exact name: ${group}`, async () => {
        const { status, stderr, files } = await played({ group }, programFor(group, 'prd', 's3cret'))
        assert.equal(status, 0, stderr)
        assert.deepEqual(files, {
          [`/etc/flyte/secrets/${group.toLowerCase()}/db_password`]: 's3cret',
        })
      })

    test('asks for the config that the request names', async () => {
      const { files } = await played({ groupVersion: 'dev' }, programFor('Shop', 'dev', 'of dev'))
      assert.deepEqual(files, { '/etc/flyte/secrets/shop/db_password': 'of dev' })
    })

    test('makes a variable if files can be variables', async () => {
      const pod = podFacts({ envFiles: true })
      const program = programFor('Shop', 'prd', 's3cret')
      const { status, stderr, files } = await played({ mountRequirement: 'ENV_VAR' }, program, pod)
      assert.equal(status, 0, stderr)
      assert.deepEqual(Object.values(files), ["V='s3cret'\n"])
    })

    test('fails the pod with the message of the CLI if the secret does not exist', async () => {
      const { status, stderr, files } = await played({ key: 'none' }, programFor('Shop', 'prd', 's3cret'))
      assert.equal(status, 1)
      assert.match(stderr, /Could not find requested secret: NONE/)
      assert.deepEqual(files, {})
    })
  })

for (const [fields, reason] of [
  [
    { key: '1PASSWORD' },
    'the name of a Doppler secret has only A-Z, 0-9 and _, and does not begin with a digit',
  ],
  [
    { key: 'db-password' },
    'the name of a Doppler secret has only A-Z, 0-9 and _, and does not begin with a digit',
  ],
  [{ group: '' }, 'it needs a group and a key'],
  [{ mountRequirement: 'ENV_VAR' }, 'it makes only files, but the request wants a variable'],
] as const)
  test(`Doppler leaves to other managers: ${JSON.stringify(fields)}`, () => {
    const said = managerOf(doppler).resolve({ ...request, ...fields }, podFacts())
    assert.deepEqual(said, { kind: 'not-mine', reason })
  })

test('Doppler takes the token from the Secret that the configuration names', () => {
  const manager = managerOf(doppler, { options: { token: { name: 'mine', key: 'service' } } })
  const [container] = initContainersOf(manager, request)
  assert.deepEqual(container?.env, [
    { name: 'DOPPLER_TOKEN', valueFrom: { secretKeyRef: { name: 'mine', key: 'service' } } },
  ])
})
