import { alarms } from './alarms.ts'
import { dashboard } from './dashboard.ts'
import { domain } from './domain.ts'
import type { Fragment, Stack } from './fragment.ts'
import { gatewayResponses } from './gateway-responses.ts'
import { outputs } from './outputs.ts'
import { readParameters, readStack, type ResolveVariable } from './read-stack.ts'
import { role } from './role.ts'
import { settings } from './settings.ts'
import { stage } from './stage.ts'
import { webAcl } from './web-acl.ts'

interface Variables {
  readonly resolveVariable: ResolveVariable
}

/**
 * What is wrong with a parameter or the configuration is told by the plugin, all at once and before anything is made: until
 * then a part that cannot be made is empty.
 */
const partOf =
  (make: (stack: Stack) => Fragment) =>
  async ({ resolveVariable }: Variables): Promise<Fragment> => {
    const stack = await readStack(resolveVariable)
    return stack === undefined ? {} : make(stack)
  }

/** The parts of serverless.yml that depend on parameters, by the name with which it asks for them. */
export const fragments = {
  parameters: ({ resolveVariable }: Variables) => readParameters(resolveVariable),
  settings: async ({ resolveVariable }: Variables) => settings(await readStack(resolveVariable)),
  role: partOf(role),
  stage: partOf(stage),
  gatewayResponses: partOf(gatewayResponses),
  domain: partOf(domain),
  webAcl: partOf(webAcl),
  alarms: partOf(alarms),
  dashboard: partOf(dashboard),
  outputs: partOf(outputs),
}
