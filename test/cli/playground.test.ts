import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { folderWith, fromLine, shelf, shelfConfig } from '../managers/outside-folder.ts'
import { flyteWebhook } from '../support/command.ts'
import { run, until } from '../support/program.ts'

describe('flyte-webhook playground', { timeout: 30_000 }, () => {
  it('serves its page at the URL that it prints until it is interrupted', async () => {
    const program = run(process.execPath, [
      `${projectRoot}infra/cli/flyte-webhook.js`,
      'playground',
      '--port',
      '0',
    ])
    await until(() => program.stdout().includes('Ctrl-C ends it.'))
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+\//.exec(program.stdout()) ?? []
    const page = await fetch(url)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await page.text()).toContain('<title>flyte-webhook playground</title>')
    const script = await fetch(new URL('main.js', url))
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect((await fetch(new URL('../package.json', url))).status).toBe(404)

    const second = await flyteWebhook(['playground', '--port', new URL(url).port])
    expect(second).toEqual({
      status: 1,
      stdout: '',
      stderr: `error: 127.0.0.1:${new URL(url).port} is in use: choose another port with --port\n`,
    })

    program.process.kill('SIGINT')
    expect(await program.ended).toBe(0)
    expect(program.stderr()).toBe('')
  })

  it('bundles a configuration and its managers', async () => {
    const outside = await folderWith({
      'webhook.yaml': shelfConfig('./managers/shelf.ts', '      shelf: of-the-page\n'),
      'managers/shelf.ts': shelf,
    })
    const args = ['playground', '--port', '0', '--config', outside.config]
    const program = run(process.execPath, [`${projectRoot}infra/cli/flyte-webhook.js`, ...args])
    await until(() => program.stdout().includes('Ctrl-C ends it.'))
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+\//.exec(program.stdout()) ?? []
    const script = await (await fetch(new URL('configured.js', url))).text()
    expect(script).toContain('shelf: of-the-page')
    expect(script).toContain('registry.example/shelf:1')
    program.process.kill('SIGINT')
    expect(await program.ended).toBe(0)
    await outside.remove()
  })

  it('exits 2 for an invalid configuration, with its line', async () => {
    const outside = await folderWith({ 'webhook.yaml': shelfConfig('./managers/none.ts') })
    const { status, stderr } = await flyteWebhook(['playground', '--config', outside.config])
    expect(status).toBe(2)
    expect(stderr).toContain(`webhook.yaml:${fromLine}: function.managers.Shelf.from: cannot be used`)
    await outside.remove()
  })

  it.each(['-1', '65536', '8o', ''])('refuses the port %j', async (port) => {
    const { status, stderr } = await flyteWebhook(['playground', `--port=${port}`])
    expect(status).toBe(2)
    expect(stderr).toContain('Give a number from 0 to 65535')
  })

  it('says why it cannot serve', async () => {
    const { status, stderr } = await flyteWebhook(['playground', '--host', '192.0.2.1', '--port', '0'])
    expect(status).toBe(1)
    expect(stderr).toBe(
      'error: 192.0.2.1:0 cannot be served (EADDRNOTAVAIL): choose another address with --host and --port\n',
    )
  })
})
