import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SecretRequest } from '../../../lib/request/secret-request.ts'
import { hasGo } from '../../consumers/go.ts'
import { KubeletEnv } from '../../consumers/kubelet-env.ts'
import { longValues, madeValues, refusalOf, shortValues, wrongOutcomes } from '../env-values.ts'
import { Asking, aws, awsAnswer, azure, type Cloud, gcp, hostileName, keyOfAws } from './played-clouds.ts'
import { type RunOptions, type Shell, shellsHere } from './pull-container.ts'

let kubelet: KubeletEnv
const askings: Asking[] = []
beforeAll(async () => {
  if (hasGo) kubelet = await KubeletEnv.build()
}, 300_000)
afterAll(async () => {
  if (hasGo) await kubelet.remove()
  await Promise.all(askings.map((asking) => asking.remove()))
})

const askingFor = async (cloud: Cloud, ...more: readonly Partial<SecretRequest>[]): Promise<Asking> => {
  const asking = await Asking.of(cloud, ...more)
  askings.push(asking)
  return asking
}

/** Selects this shell's share of about sixty values. `env-files.test.ts` tests all values. */
const valuesIn = (shell: Shell): readonly Buffer[] => {
  const index = shellsHere.findIndex(({ name }) => name === shell)
  const each = (every: number, values: readonly Buffer[]) => values.filter((_, place) => place % every === 0)
  const chosen = [
    ...each(30, shortValues.slice(0, 700)),
    ...each(3, shortValues.slice(700)),
    ...madeValues(10),
  ]
  return chosen.filter((_, place) => place % shellsHere.length === index)
}

const [{ name: firstShell } = { name: 'dash' as const }] = shellsHere
const clouds = [aws, keyOfAws, gcp, azure]
const rows = clouds.flatMap((cloud) =>
  shellsHere.map(({ name }) => ({ cloud, name: cloud.name, shell: name })),
)

describe.skipIf(!hasGo).concurrent.each(rows)('the command of $name in $shell', ({ cloud, shell }) => {
  it('fetches the exact value, or refuses one that breaks a rule, and leaves nothing else', async () => {
    const asking = await askingFor(cloud)
    const { maxBytes } = asking
    const values = valuesIn(shell).filter((value) => cloud.holds(value))
    const outcomes = await asking.outcomes(values, shell, kubelet)
    expect(wrongOutcomes(outcomes, { secret: cloud.secret, maxBytes })).toEqual([])
    const refused = outcomes.filter(({ said }) => said !== undefined)
    expect(refused.length).toBeGreaterThan(1)
    expect(outcomes.length - refused.length).toBeGreaterThan(8)
  })

  it('can run again, as after a restart, and fetches the new value', async () => {
    const asking = await askingFor(cloud)
    for (const value of ['a longer value\n', 'value'].map((text) => Buffer.from(text))) {
      const ended = await asking.run(cloud.held(value), { shell })
      expect(await asking.outcome(value, ended, kubelet)).toEqual({ value, variable: value })
    }
  })

  it.each(['od', 'wc', 'cat'])('fails and names %s if the image lacks it', async (tool) => {
    const asking = await askingFor(cloud)
    expect(await asking.run(cloud.held(Buffer.from('value')), { shell, lacks: [tool] })).toEqual({
      status: 127,
      stdout: '',
      stderr: `${tool}: not found; the image must have od, wc and cat to make variables\n`,
    })
    expect(await asking.left()).toEqual({})
  })
})

describe.skipIf(!hasGo).concurrent.each(clouds)('the command of $name', (cloud) => {
  it('fetches a value of the maximum length, but not one byte more', async () => {
    const asking = await askingFor(cloud)
    const values = longValues(asking.maxBytes).slice(-2)
    const [longest, longer] = await asking.outcomes(values, firstShell, kubelet)
    expect(longest?.variable).toEqual(values[0])
    expect(longer?.said).toBe(refusalOf(cloud.secret, 'it is longer than Linux allows a variable'))
  })
})

/** A failed step ends the container, and leaves no file for the kubelet to read. */
describe.concurrent.each(shellsHere)('a command that makes an env file in $name', ({ name: shell }) => {
  const failed = async (asking: Asking, held: string | Buffer, options: Partial<RunOptions> = {}) => {
    const { status, stderr } = await asking.run(held, { shell, ...options })
    expect(status).not.toBe(0)
    expect(Object.keys(await asking.left())).not.toContain(asking.envFile)
    expect(stderr).not.toContain('hunter2')
    return stderr
  }

  it('fails if od fails, such as a different od', async () => {
    const asking = await askingFor(gcp)
    await asking.play('od', 'echo "od: unrecognized option: t" >&2; exit 1')
    expect(await failed(asking, "it's hunter2")).toBe(
      'od: unrecognized option: t\ndb: the od of this image could not read it\n',
    )
  })

  it('fails if the volume is full', async () => {
    const said = await failed(await askingFor(gcp), 'hunter2'.repeat(1000), { maxFileBytes: 7001 })
    expect(said).toMatch(/^db: it could not be written$/m)
  })

  it.each(['head', 'tail'])('fails and names %s, which Azure needs', async (tool) => {
    expect(await failed(await askingFor(azure), 'hunter2', { lacks: [tool] })).toMatch(
      new RegExp(`${tool}: .*not found`),
    )
  })

  it.each([azure, gcp, aws])('fails if the program of $name fails', async (cloud) => {
    const asking = await askingFor(cloud)
    await asking.play(cloud.program[0], 'echo denied >&2; exit 3')
    expect(await failed(asking, 'hunter2')).toContain('denied\n')
  })

  it('keeps all of an answer of Azure without a line end', async () => {
    const asking = await askingFor(azure)
    await asking.play('az', '[ "$1" = login ] || cat "$held"')
    const value = Buffer.from('hunter2')
    expect(await asking.run(value, { shell })).toEqual({ status: 0, stdout: '', stderr: '' })
    expect((await asking.left())[asking.envFile]).toEqual(Buffer.from("V='hunter2'\n"))
  })

  it.each([
    { what: 'null', text: '{"a key":null,"b":"hunter2"}', says: 'it is null' },
    { what: 'missing', text: '{"b":"hunter2"}', says: 'it is not a JSON object with this key' },
    {
      what: 'in a value other than an object',
      text: '["hunter2"]',
      says: 'it is not a JSON object with this key',
    },
    { what: 'in a value other than JSON', text: 'hunter2', says: 'it is not JSON' },
    { what: 'in a binary value', text: undefined, says: 'it is binary and has no keys' },
  ])('fails if a key of AWS is $what', async ({ text, says }) => {
    const held = text === undefined ? awsAnswer(Buffer.of(0xff)) : awsAnswer(Buffer.from(text))
    const said = await failed(await askingFor(keyOfAws), held)
    expect(said).toContain(`: ${says}\n`)
    expect(said).toMatch(
      /^db: it has no value under its key, so it cannot be a variable: ask for it as a file$/m,
    )
  })

  it.each([
    { text: '{"a key":5432}', made: '5432' },
    { text: '{"a key":false}', made: 'false' },
    { text: '{"a key":{"b":[null]}}', made: '{"b":[null]}' },
  ])('makes the same value of $text of AWS as a file', async ({ text, made }) => {
    const asking = await askingFor(keyOfAws)
    expect(await asking.run(awsAnswer(Buffer.from(text)), { shell })).toMatchObject({ status: 0 })
    expect((await asking.left())[asking.envFile]).toEqual(Buffer.from(`V='${made}'\n`))
  })

  it.each([
    { cloud: gcp, group: hostileName, secret: hostileName },
    { cloud: azure, group: hostileName, secret: `${hostileName}/0f3a` },
  ])(
    'names a secret of $cloud.name exactly, even with special characters',
    async ({ cloud, group, secret }) => {
      const asking = await askingFor({ ...cloud, asked: { ...cloud.asked, group } })
      await asking.play(
        'gcloud',
        'for word; do :; done; case $word in --secret=*) exit 1 ;; *) : > "${word#--out-file=}" ;; esac',
      )
      await asking.play('az', '[ "$1" = login ] || echo')
      expect(await failed(asking, '')).toBe(`${refusalOf(secret, 'it is empty')}\n`)
    },
  )

  it('of AWS fetches all secrets of the pod and names the failed one', async () => {
    const asking = await askingFor({ ...aws, asked: { key: 'one' } }, { key: 'two' })
    await asking.play('aws', 'case "$*" in *two*) cat "$held" ;; *) echo \'{"SecretString":"1"}\' ;; esac')
    expect(await asking.run(awsAnswer(Buffer.from('2')), { shell })).toMatchObject({ status: 0 })
    const contents = Object.values(await asking.left()).map(String)
    expect(contents.toSorted()).toEqual(["V='1'\n", "V='2'\n"])
    const { stderr } = await asking.run(awsAnswer(Buffer.from("'")), { shell })
    expect(stderr).toBe(`${refusalOf('two', 'it holds a single quote')}\n`)
  })
})
