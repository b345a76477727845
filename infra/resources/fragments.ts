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

/** A process of osls has one serverless.yml. Reading the stack again for each part would take a third of a second. */
let known: Stack | undefined

const stackOf = async ({ resolveVariable }: Variables): Promise<Stack | undefined> => {
  known ??= await readStack(resolveVariable)
  return known
}

/**
 * Returns an empty part if a parameter or the configuration has problems. The plugin reports them later, all at once and
 * before anything is created.
 */
const partOf =
  (make: (stack: Stack) => Fragment) =>
  async (variables: Variables): Promise<Fragment> => {
    const stack = await stackOf(variables)
    return stack === undefined ? {} : make(stack)
  }

/** The parts of serverless.yml that depend on parameters, by the names that it uses for them. */
export const fragments = {
  parameters: ({ resolveVariable }: Variables) => readParameters(resolveVariable),
  settings: async (variables: Variables) => settings(await stackOf(variables)),
  role: partOf(role),
  stage: partOf(stage),
  gatewayResponses: partOf(gatewayResponses),
  domain: partOf(domain),
  webAcl: partOf(webAcl),
  alarms: partOf(alarms),
  dashboard: partOf(dashboard),
  outputs: partOf(outputs),
}
