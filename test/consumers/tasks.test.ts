import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseRequest, secretMessage } from '../../infra/preview/readable-request.ts'
import { overviewFile } from '../docs/manager-overview.ts'
import { blocksOf } from '../support/markdown.ts'
import { hasSdks, python } from './python.ts'

const [flytekit = '', flyte2 = ''] = blocksOf(
  await readFile(overviewFile, 'utf8'),
  'What the task writes',
  'python',
)

/** The requests of the comments, as Flyte's message without its defaults. */
const commented = (code: string): readonly object[] =>
  [...code.matchAll(/^# (.+)$/gm)].map(([, form = '']) => {
    const fields = Object.entries(secretMessage(parseRequest(form)))
    return Object.fromEntries(fields.filter(([, value]) => value !== '' && value !== 'ANY'))
  })

describe.skipIf(!hasSdks)('the tasks of docs/managers.md', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tasks-'))
    await mkdir(join(folder, 'prod/db'), { recursive: true })
    await writeFile(join(folder, 'prod/db/password'), 'of-a-file')
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each([
    { sdk: 'flytekit', code: flytekit },
    { sdk: 'the Flyte 2 SDK', code: flyte2 },
  ])('ask $sdk for what their comments say, and read it', async ({ code }) => {
    await writeFile(join(folder, 'report.py'), code.replaceAll('/etc/flyte/secrets/', `${folder}/`))
    const ended = spawnSync(python, [join(import.meta.dirname, 'tasks.py'), folder], {
      encoding: 'utf8',
      env: { ...process.env, FLYTE_SECRETS_DEFAULT_DIR: folder, DB_PASSWORD: 'of-the-variable' },
    })
    expect(ended).toMatchObject({ status: 0 })
    const { requests, results } = JSON.parse(ended.stdout)
    expect(requests).toHaveLength(2)
    expect(requests).toEqual(commented(code))
    expect(results).toEqual({ read_file: 'of-a-file'.length, read_variable: 'of-the-variable'.length })
  })
})
