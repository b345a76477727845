import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { curlCommand } from '../../infra/playground/page/curl.ts'
import { sampleReview } from '../../infra/preview/sample-review.ts'
import { projectRoot } from '../../infra/project-root.ts'
import { freePort } from '../e2e/free-port.ts'
import { folderWith, shelf, shelfConfig } from '../managers/outside-folder.ts'
import { patched } from '../support/patch.ts'
import { type Running, run, until } from '../support/program.ts'
import { podAsking, reviewOf } from '../support/webhook.ts'

const start = (port: number, ...options: readonly string[]): Running =>
  run('npm', ['start', '--', `--port=${port}`, ...options])
const isReady = ({ stdout }: Running) => stdout().includes('Ctrl-C ends it')

/** Returns the IDs of the process groups that serve a port. */
const groupsServing = (port: number): string[] =>
  processes()
    .filter(({ command }) => command.includes(`--httpPort=${port}`))
    .map(({ group }) => group)

const processes = () =>
  execFileSync('ps', ['-eo', 'pgid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => ({ group: line.trim().split(' ')[0] ?? '', command: line }))

const post = async (port: number, path: string, body: string, type = 'application/json') => {
  const headers = { 'content-type': type }
  const ca = await readFile(join(projectRoot, '.certs', 'ca.pem'))
  const sent = request({ host: 'localhost', port, path, method: 'POST', ca, headers, agent: false })
  sent.end(body)
  const [response] = await once(sent, 'response')
  return { status: response.statusCode, json: JSON.parse(await text(response)) }
}

/** Returns the path of the printed URL, including the token. */
const pathOf = ({ stdout }: Running): string =>
  /https:\/\/localhost:\d+(\/local\/[A-Za-z0-9_-]{43}\/mutate--v1-pod)\n/.exec(stdout())?.[1] ?? ''

describe('npm start', { timeout: 30_000 }, () => {
  let port: number
  let server: Running
  beforeAll(async () => {
    port = await freePort()
    const folder = await mkdtemp(join(tmpdir(), 'start-'))
    await mkdir(join(folder, 'broken'))
    // Reading a process's memory at address 0 is an I/O error, even for root.
    await symlink('/proc/self/mem', join(folder, 'broken', 'key'))
    await writeFile(join(folder, 'webhook.yaml'), `secrets: {secrets-prefix: ${folder}}`)
    server = start(port, `--config=${join(folder, 'webhook.yaml')}`)
    await until(() => isReady(server) || server.process.exitCode !== null)
  }, 30_000)
  afterAll(() => server.process.kill('SIGTERM'))

  it('answers over HTTPS once it says so', async () => {
    const review = await readFile(join(projectRoot, 'examples', 'plain.json'), 'utf8')
    const { status, json } = await post(port, `${pathOf(server)}?timeout=10s`, review)
    expect(status).toBe(200)
    expect(json.response).toMatchObject({
      uid: JSON.parse(review).request.uid,
      allowed: true,
      patchType: 'JSONPatch',
    })
  })

  it('prints a curl line that works when pasted in the project folder', () => {
    const line = server
      .stdout()
      .split('\n')
      .find((candidate) => candidate.trim().startsWith('curl'))
    expect(line).toBeDefined()
    const answer = execFileSync('sh', ['-c', `${line} -sS`], { cwd: projectRoot, encoding: 'utf8' })
    expect(JSON.parse(answer).response.allowed).toBe(true)
  })

  it("answers the playground's shell command, whatever the pod contains", () => {
    const hostile = `'"$(exit 1)\`\\\nEND\n$HOME €`
    const pod = { ...podAsking({ group: hostile, key: 'k' }), hostile }
    const command = curlCommand(sampleReview(pod, { namespace: hostile, user: "o'neill" }))
    const here = command.replace('localhost:8443', `localhost:${port}`)
    const { response } = JSON.parse(execFileSync('sh', ['-c', here], { cwd: projectRoot, encoding: 'utf8' }))
    expect(response.status.message).toContain(hostile.replaceAll('\n', '\\u{a}'))
    expect(response.uid).toBe('00000000-0000-0000-0000-000000000000')
  })

  it('prints the URL to register, and after that no path, token, route or advertisement of the gateway', async () => {
    const path = pathOf(server)
    expect(path).not.toBe('')
    const before = server.stdout().length
    await post(port, '/local/a-very-secret-token/mutate--v1-pod', '{}')
    await post(port, path, '{}')
    await until(() => server.stdout().slice(before).includes('bad-request'))
    const said = server.stdout().slice(before) + server.stderr()
    expect(said).not.toMatch(/a-very-secret-token|┌|Offline|Premium|invocations|existingRoutes/i)
    expect(said).not.toContain(path.split('/')[2])
  })

  it('denies a pod inside HTTP 200, with the reason', async () => {
    const { status, json } = await post(port, pathOf(server), reviewOf(podAsking({ group: 'db' })))
    expect(status).toBe(200)
    expect(json.response.status).toMatchObject({
      code: 400,
      message: expect.stringContaining('K8s: it needs a key'),
    })
  })

  it('answers 503 with a Status when a store does not answer', async () => {
    const { status, json } = await post(
      port,
      pathOf(server),
      reviewOf(podAsking({ group: 'broken', key: 'key' })),
    )
    expect(status).toBe(503)
    expect(json).toMatchObject({ kind: 'Status', code: 503, reason: 'ServiceUnavailable' })
  })

  it.each([
    { what: 'a wrong token', status: 404, path: () => '/local/wrong/mutate--v1-pod' },
    { what: 'an unknown path', status: 404, path: () => '/no/such/path/at/all' },
    { what: 'another method', status: 404, path: () => pathOf(server).replace('mutate--v1-pod', 'healthz') },
    { what: 'no JSON', status: 400, path: () => pathOf(server) },
    { what: 'another content type', status: 415, type: 'text/plain', path: () => pathOf(server) },
    {
      what: 'more than 5 MiB',
      status: 413,
      body: 'x'.repeat(5 * 1024 * 1024 + 1),
      path: () => pathOf(server),
    },
  ])('answers $status with a Status to $what', async ({ status, path, type, body = 'no JSON' }) => {
    const answer = await post(port, path(), body, type)
    expect(answer.status).toBe(status)
    expect(answer.json).toMatchObject({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status })
    expect(Object.keys(answer.json).toSorted()).toEqual([
      'apiVersion',
      'code',
      'kind',
      'message',
      'reason',
      'status',
    ])
  })

  it('logs JSON without a terminal', async () => {
    const uid = '11111111-6393-11e8-b7cc-42010a800002'
    await post(port, pathOf(server), reviewOf(podAsking({ group: 'db', key: 'password' }), { uid }))
    const ownLine = () =>
      server
        .stdout()
        .split('\n')
        .slice(0, -1)
        .find((line) => line.includes(uid))
    await until(() => ownLine() !== undefined)
    expect(JSON.parse(ownLine() ?? '')).toMatchObject({
      message: 'request',
      outcome: 'patched',
      cluster: 'local',
    })
  })

  it('says how it is used, and starts nothing', async () => {
    const asked = run('npm', ['start', '-s', '--', '--help'])
    expect(await asked.ended).toBe(0)
    expect(asked.stdout()).toMatch(/^Usage: flyte-webhook start .*--host/s)
    expect(asked.stderr()).toBe('')
  })

  it.each([
    {
      what: 'the address of another machine',
      option: '--host=203.0.113.1',
      says: /^error: .*--host ADDRESS$/m,
      status: 1,
    },
    {
      what: 'an unknown option',
      option: '--prt=1',
      says: /^error: unknown option '--prt=1'/m,
      status: 2,
    },
  ])('says what is wrong with $what', async ({ option, says, status }) => {
    const wrong = run('npm', ['start', '-s', '--', option])
    expect(await wrong.ended).toBe(status)
    expect(wrong.stderr()).toMatch(says)
  })

  it('says in one line that a port is in use', async () => {
    const second = start(port)
    expect(await second.ended).toBe(1)
    const said = second
      .stderr()
      .split('\n')
      .filter((line) => !/^(npm |$)/.test(line))
    expect(said.filter((line) => line.includes(`${port}`))).toEqual([
      `error: port ${port} is in use: end the program that listens there, or choose another port with npm start -- --port N`,
    ])
  })

  it('ends within two seconds of SIGINT, with everything that it started', async () => {
    const groups = groupsServing(port)
    expect(groups).toHaveLength(1)
    const before = Date.now()
    server.process.kill('SIGINT')
    expect(await server.ended).toBe(0)
    expect(Date.now() - before).toBeLessThan(2000)
    expect(processes().filter(({ group }) => groups.includes(group))).toEqual([])
  })

  it('stops its server when it is killed', async () => {
    const other = await freePort()
    const killed = run(process.execPath, ['infra/cli/main.ts', 'start', `--port=${other}`])
    await until(() => isReady(killed))
    const groups = groupsServing(other)
    expect(groups).toHaveLength(1)
    killed.process.kill('SIGKILL')
    await until(() => processes().every(({ group }) => !groups.includes(group)))
  })
})

describe('npm start with a manager from outside', { timeout: 60_000 }, () => {
  it('serves it', async () => {
    const port = await freePort()
    const { config, remove } = await folderWith({
      'webhook.yaml': shelfConfig('./managers/shelf.ts'),
      'managers/shelf.ts': shelf,
    })
    const server = start(port, `--config=${config}`)
    try {
      await until(() => isReady(server) || server.process.exitCode !== null)
      const pod = podAsking({ group: 'db', key: 'password', mount_requirement: 'FILE' })
      const { json } = await post(port, pathOf(server), reviewOf(pod))
      expect(patched(pod, json)).toMatchObject({
        spec: { initContainers: [{ name: 'shelf-pull-secret-0' }] },
      })
    } finally {
      server.process.kill('SIGTERM')
      await remove()
    }
  })
})
