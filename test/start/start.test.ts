import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { type Running, run, until } from '../support/program.ts'

/** A port that nobody listens on, as far as one can know. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

const start = (port: number): Running => run('npm', ['start', '--', `--port=${port}`])
const isReady = ({ stdout }: Running) => stdout().includes('Ctrl-C ends it')

/** The ids of the process groups whose members serve a port. */
const groupsServing = (port: number): string[] =>
  processes()
    .filter(({ command }) => command.includes(`--httpPort=${port}`))
    .map(({ group }) => group)

const processes = () =>
  execFileSync('ps', ['-eo', 'pgid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => ({ group: line.trim().split(' ')[0] ?? '', command: line }))

const post = async (port: number, path: string, body: string) => {
  const headers = { 'content-type': 'application/json' }
  const ca = await readFile(join(projectRoot, '.certs', 'ca.pem'))
  const sent = request({ host: 'localhost', port, path, method: 'POST', ca, headers, agent: false })
  sent.end(body)
  const [response] = await once(sent, 'response')
  return { status: response.statusCode, json: JSON.parse(await text(response)) }
}

describe('npm start', { timeout: 30_000 }, () => {
  let port: number
  let server: Running
  beforeAll(async () => {
    port = await freePort()
    server = start(port)
    await until(() => isReady(server) || server.process.exitCode !== null)
  }, 30_000)
  afterAll(() => server.process.kill('SIGTERM'))

  it('answers over HTTPS as soon as it says so', async () => {
    const review = await readFile(join(projectRoot, 'examples', 'plain.json'), 'utf8')
    const { status, json } = await post(port, '/local/dev/mutate--v1-pod?timeout=10s', review)
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

  it('prints the URL to register, and no path, route or advertisement of the gateway', async () => {
    await post(port, '/local/a-very-secret-token/mutate--v1-pod', '{}')
    expect(server.stdout()).toContain(`\n  https://localhost:${port}/local/dev/mutate--v1-pod\n`)
    expect(server.stdout() + server.stderr()).not.toMatch(
      /a-very-secret-token|┌|Offline|Premium|invocations/i,
    )
  })

  it('says in one line that a port is in use', async () => {
    const second = start(port)
    expect(await second.ended).toBe(1)
    const said = second
      .stderr()
      .split('\n')
      .filter((line) => !/^(npm |$)/.test(line))
    expect(said.filter((line) => line.includes(`${port}`))).toEqual([
      `Port ${port} is in use: end the program that listens there, or choose another port with npm start -- --port N.`,
    ])
  })

  it('ends within two seconds of SIGINT, with all that it started', async () => {
    const groups = groupsServing(port)
    expect(groups).toHaveLength(1)
    const before = Date.now()
    server.process.kill('SIGINT')
    expect(await server.ended).toBe(0)
    expect(Date.now() - before).toBeLessThan(2000)
    expect(processes().filter(({ group }) => groups.includes(group))).toEqual([])
  })

  it('takes its server along when it is killed', async () => {
    const other = await freePort()
    const killed = run(process.execPath, ['infra/start/start.ts', `--port=${other}`])
    await until(() => isReady(killed))
    const groups = groupsServing(other)
    expect(groups).toHaveLength(1)
    killed.process.kill('SIGKILL')
    await until(() => processes().every(({ group }) => !groups.includes(group)))
  })
})
