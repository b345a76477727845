import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { projectRoot } from '../../infra/project-root.ts'
import { createOperatorFolder, type OperatorFolder } from '../support/operator-folder.ts'
import { type Running, run, until as untilSo } from '../support/program.ts'
import { podAsking } from '../support/webhook.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { freePort } from './free-port.ts'
import { namespace, pods, until } from './registration.ts'

const registered = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/flyte-pod-webhook'

describe.skipIf(assets === undefined)(
  'npm start, registered at a real API server',
  { timeout: 60_000 },
  () => {
    let api: ApiServer
    let server: Running
    let operator: OperatorFolder
    let kubeconfig: string

    beforeAll(async () => {
      const port = await freePort()
      server = run('npm', ['start', '--', `--port=${port}`])
      ;[api, operator] = await Promise.all([ApiServer.start(assets ?? ''), createOperatorFolder()])
      kubeconfig = await api.kubeconfig()
      await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
      await untilSo(() => server.stdout().includes('Ctrl-C ends it') || server.process.exitCode !== null)
    }, 60_000)

    afterAll(async () => {
      server.process.kill('SIGTERM')
      await Promise.all([api.stop(), server.ended])
    })

    /** Pastes a command into a second terminal in the project's folder. */
    const paste = async (line: string) => {
      const shell = run('sh', ['-c', line], { env: { ...operator.env, KUBECONFIG: kubeconfig } })
      await shell.ended
      return { stdout: shell.stdout(), stderr: shell.stderr() }
    }

    const printed = (pattern: RegExp): string => pattern.exec(server.stdout())?.[1] ?? ''
    const registerLine = () => printed(/^ +(npx flyte-webhook register .*)$/m)
    const url = () => printed(/^ +(https:\S+)$/m)

    const isServed = async (name: string): Promise<boolean> => {
      const { metadata, spec } = podAsking({ group: 'db', key: 'password', mount_requirement: 'ENV_VAR' })
      const pod = { metadata: { ...metadata, name }, spec }
      const { json } = await api.send('POST', `${pods}?dryRun=All`, pod)
      return json.spec?.containers[0].env !== undefined
    }

    it('prints a command that registers it', async () => {
      const { stdout, stderr } = await paste(registerLine())
      expect(stderr).toBe('')
      expect(stdout).toMatch(/^MutatingWebhookConfiguration flyte-pod-webhook: created\n/)
      await until('a pod is served', () => isServed('by-the-line'))
    })

    it('can be registered by its full URL, with a warning about the token in it', async () => {
      await api.send('DELETE', registered)
      const { stdout, stderr } = await paste(
        `npx flyte-webhook register --url '${url()}' --ca-bundle .certs/ca.pem`,
      )
      expect(stderr).toMatch(/^warning: others can see the token on the command line: .*\n$/)
      expect(stdout).toMatch(/: created\n/)
      await until('a pod is served', () => isServed('by-the-url'))
    })

    it('serves the pod of docs/local-cluster.md', async () => {
      const document = await readFile(join(projectRoot, 'docs/local-cluster.md'), 'utf8')
      const [, pod = ''] = /^```yaml\n(.*?)^```$/ms.exec(document) ?? []
      const [, request = ''] = /^npx flyte-webhook encode (.*)$/m.exec(document) ?? []
      expect(pod).toContain((await paste(`npx flyte-webhook encode ${request}`)).stdout.trim())
      const { json } = await api.send('POST', '/api/v1/namespaces/default/pods?dryRun=All', parse(pod))
      expect(json.spec.containers[0].env).toContainEqual({
        name: 'DB_PASSWORD',
        valueFrom: { secretKeyRef: expect.objectContaining({ name: 'db-creds', key: 'password' }) },
      })
    })

    it('is not registered without its authority, and the error names the option', async () => {
      const { stderr } = await paste(registerLine().replace(/--ca-bundle \S+/, ''))
      expect(stderr).toMatch(
        /^error: .*: name the one that did with --ca-bundle FILE; nothing was registered/,
      )
    })
  },
)
