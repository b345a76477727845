import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withoutExpansion } from '../../../lib/kubelet-expansion.ts'
import { createGcp } from '../../../lib/managers/gcp.ts'
import { hasGo } from '../../consumers/go.ts'
import { KubeletEnv } from '../../consumers/kubelet-env.ts'
import type { Json } from '../../support/pods.ts'
import { podAsking, podServedBy } from '../decided.ts'
import {
  brokenRules,
  envFileOfPod,
  longValues,
  madeValues,
  type Outcome,
  shortValues,
  wrongOutcomes,
} from '../env-values.ts'
import { host } from '../../../lib/manager-testing/samples.ts'
import { PodFolder, type Shell, shellsHere } from './pull-container.ts'

const manager = createGcp({ sidecarImage: 'cloud-sdk', resources: {} }, host)
const secret = 'projects/p/secrets/db'
/** The variable with the longer name is `_FSEC_…`, built from group and key. */
const asked = {
  group: secret,
  groupVersion: '3',
  key: 'db',
  mountRequirement: 'ENV_VAR',
  envVar: 'TOKEN',
} as const

/**
 * Runs the command once for each value, all in one shell: a pod for each would take minutes. `gcloud` is a function that
 * copies the value. The command's output is moved away before the next run.
 */
const forEachValue = (command: string, env: string): string => `
gcloud() {
  for word; do case $word in --out-file=*) cp "$value" "\${word#--out-file=}" ;; esac; done
}
for value in /mnt/values/*; do
  made=/mnt/made/\${value##*/}
  ( set -e
${command}
  ) 2> "$made.said"
  echo $? > "$made.status"
  if [ -e ${env} ]; then mv ${env} "$made.env"; fi
done`

let kubelet: KubeletEnv
const folders: PodFolder[] = []
beforeAll(async () => {
  if (hasGo) kubelet = await KubeletEnv.build()
}, 300_000)
afterAll(async () => {
  if (hasGo) await kubelet.remove()
  await Promise.all(folders.map((folder) => folder.remove()))
})

/** Returns the outcome of each value. */
const outcomesOf = async (shell: Shell, values: readonly Buffer[]): Promise<readonly Outcome[]> => {
  const pod = await podServedBy(manager, podAsking(asked))
  const [container] = pod.spec.initContainers
  const [sh, flags, command] = container.command
  expect([sh, flags]).toEqual(['sh', '-ec'])
  const env = `/mnt/flyte-secret-env/${envFileOfPod(pod).path}`
  const at = await PodFolder.create()
  folders.push(at)
  const more = ['values', 'made']
  const batch: Json = {
    ...container,
    // The command is the pod's, with each `$` doubled, so the surrounding script must be doubled too.
    command: ['sh', '-c', withoutExpansion(forEachValue('COMMAND', env)).replace('COMMAND', () => command)],
    volumeMounts: [...container.volumeMounts, ...more.map((name) => ({ name, mountPath: `/mnt/${name}` }))],
  }
  const volumes = [...pod.spec.volumes, ...more.map((name) => ({ name, emptyDir: {} }))]
  await mkdir(at.volume('values'), { recursive: true })
  await Promise.all(values.map((value, index) => writeFile(join(at.volume('values'), `${index}`), value)))
  expect(await at.run({ spec: { ...pod.spec, volumes } }, batch, { shell })).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  })
  const left = Object.keys(await at.files('flyte-secret-env'))
  expect(left.filter((file) => !file.endsWith('.value'))).toEqual([])
  const made = await at.files('made')
  const isMade = (index: number): boolean => made[`${index}.env`] !== undefined
  const paths = [...values.keys()].filter(isMade).map((index) => join(at.volume('made'), `${index}.env`))
  const read = kubelet.read(paths).values()
  return values.map((value, index): Outcome => {
    const said = String(made[`${index}.said`])
    const status = String(made[`${index}.status`])
    if (!isMade(index))
      return { value, said: said.replace(/\n$/, '') + (status === '1\n' ? '' : ` (${status})`) }
    const variable = read.next().value
    if (variable === undefined || 'error' in variable) return { value, said: variable?.error ?? '' }
    return status === '0\n' && said === '' ? { value, variable: variable.value } : { value, said }
  })
}

describe.skipIf(!hasGo)('an env file that an init container wrote', () => {
  it.concurrent.each(shellsHere)(
    'gives the kubelet the exact value, or is refused if the value breaks a rule, in $name',
    async ({ name }) => {
      const pod = await podServedBy(manager, podAsking(asked))
      const { maxBytes } = envFileOfPod(pod)
      const values = [...shortValues, ...longValues(maxBytes), ...madeValues(250)]
      const fit = values.filter((value) => brokenRules(value, maxBytes).length === 0)
      expect(fit.length).toBeGreaterThan(500)
      expect(values.length - fit.length).toBeGreaterThan(500)
      expect(wrongOutcomes(await outcomesOf(name, values), { secret, maxBytes })).toEqual([])
    },
  )
})

/** On other architectures, Linux may have larger pages and therefore longer variables. */
const hasSmallPages = process.platform === 'linux' && process.arch === 'x64'

describe.runIf(hasSmallPages)('a variable at the maximum length', () => {
  it.each([
    { what: 'is accepted by Linux', more: 0, error: undefined },
    { what: 'plus one byte is refused by Linux', more: 1, error: expect.objectContaining({ code: 'E2BIG' }) },
  ])('$what', async ({ more, error }) => {
    const { maxBytes } = envFileOfPod(await podServedBy(manager, podAsking(asked)))
    const env = { _FSEC_PROJECTS_P_SECRETS_DB_DB: 'x'.repeat(maxBytes + more) }
    expect(spawnSync('/bin/true', { env }).error).toEqual(error)
  })
})
