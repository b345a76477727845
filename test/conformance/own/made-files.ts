import { toEnv } from '../../../lib/manager-kit/env-file.ts'
import { withoutExpansion } from '../../../lib/kubelet-expansion.ts'
import { patched } from '../../support/patch.ts'
import type { Json } from '../../support/pods.ts'
import { call, reviewOf } from '../../support/webhook.ts'
import { worldOf } from '../case-world.ts'
import { asking, type Input, inputs } from './inputs.ts'
import { type Scripts, writtenCase, writtenScripts } from './scripts.ts'

/** Returns the files for `write-files.ts`: path below this folder → text. */
export const madeFiles = async (): Promise<ReadonlyMap<string, string>> => {
  const made = await Promise.all(inputs.map(caseOf))
  const scripts = scriptsOf(made)
  return new Map([
    ['scripts.json', writtenScripts(scripts)],
    ...made.map((one) => [`${one.profile}/${one.name}.json`, writtenCase(one, scripts)] as const),
  ])
}

/** Builds a case from an input. This webhook decides only the resulting pod. */
const caseOf = async ({ pod, again, secrets, expect, ...input }: Input): Promise<Json> => {
  const { webhook } = worldOf(input)
  const answered = async (asked: Json): Promise<Json> => (await call(webhook, reviewOf(asked))).json
  const served = async (asked: Json): Promise<Json> => patched(asked, await answered(asked))
  const first = asking(pod, secrets)
  const asked = again === undefined ? first : again(await served(first))
  return {
    ...input,
    secrets: Object.fromEntries(secrets.map((secret, index) => [`flyte.secrets/s${index}`, secret])),
    pod: asked,
    expect: expect.allowed && !expect.unchanged ? { ...expect, pod: await served(asked) } : expect,
  }
}

/** Returns the function that makes env files, and the rest of the script of the AWS CLI's container. */
const scriptsOf = (made: readonly Json[]): Scripts => {
  const to_env = withoutExpansion(toEnv)
  const containers = made.flatMap((one) => one.expect.pod?.spec.initContainers ?? [])
  const [, , script]: string[] = containers.find(({ name }: Json) => name === 'aws-pull-secrets').command
  return { to_env, aws_cli: script?.replace(to_env, '') ?? '' }
}
