import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  flyteEnvironment,
  flyteSecret,
  flytekitSecret,
  flytekitTask,
} from '../../infra/playground/page/python.ts'
import { parseRequest, type RequestFields, secretMessage } from '../../infra/preview/readable-request.ts'
import { hasSdks, python } from '../consumers/python.ts'

const hostile = {
  group: 'grün 🔑 \u0001\u007f\u2028\u{e0041}',
  groupVersion: '',
  key: `a"b'c\\d\n\r\t\b\f{}%s#"""`,
  mountRequirement: 'FILE',
  envVar: '',
} as const satisfies RequestFields

const requests: readonly RequestFields[] = [
  ...[
    'db-creds/password',
    'db-creds/password:ENV_VAR=DB_PASSWORD',
    'db-creds/password:FILE',
    'db-creds/password@3:FILE=DB_FILE',
    'db-creds/',
    '/password:ENV_VAR=_X9',
    '/:FILE',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db/user',
  ].map(parseRequest),
  hostile,
]

/** Returns the non-empty fields of a message. */
const messageOf = (request: RequestFields) =>
  Object.fromEntries(
    Object.entries(secretMessage(request)).filter(([, value]) => value !== '' && value !== 'ANY'),
  )

const sdks = [
  { sdk: 'flytekit', say: flytekitSecret, whole: flytekitTask, sayable: 9 },
  { sdk: 'flyte', say: flyteSecret, whole: flyteEnvironment, sayable: 5 },
] as const

describe.skipIf(!hasSdks)('what the playground writes for a task', { timeout: 120_000 }, () => {
  it.each(sdks)('creates the same request with the real $sdk', ({ sdk, say, whole, sayable }) => {
    const said = requests.flatMap((request) => {
      const one = say(request)
      return one.kind === 'expression' ? [{ request, python: one.python }] : []
    })
    expect(said).toHaveLength(sayable)
    const programs = [...said.map((one) => [one]), said].map((all) => ({
      sdk,
      code: whole(all.map((one) => one.python)),
    }))
    const program = join(import.meta.dirname, 'python.py')
    const { stdout, stderr, status } = spawnSync(python, [program], {
      input: JSON.stringify(programs),
      encoding: 'utf8',
    })
    expect(status, stderr).toBe(0)
    const messages = said.map(({ request }) => messageOf(request))
    expect(JSON.parse(stdout)).toEqual([...messages.map((message) => [message]), messages])
  })
})

describe('a request that an SDK cannot make', () => {
  it.each([
    { say: flyteSecret, request: 'db/password', why: 'ENV_VAR or FILE' },
    { say: flyteSecret, request: 'db/password:ENV_VAR', why: 'set an env_var' },
    { say: flyteSecret, request: 'db/password:FILE=DB_FILE', why: 'does not support an env_var for a file' },
    { say: flyteSecret, request: 'db/password@3:FILE', why: 'no group_version' },
    { say: flyteSecret, request: 'db/password:ENV_VAR=lower', why: 'upper-case' },
    { say: flytekitSecret, request: 'db/password:ENV_VAR=lower', why: 'upper-case' },
    { say: flytekitSecret, request: 'db/password:ENV_VAR=9X', why: 'upper-case' },
  ])('is explained in words: $request', ({ say, request, why }) => {
    expect(say(parseRequest(request))).toEqual({ kind: 'impossible', why: expect.stringContaining(why) })
  })
})
