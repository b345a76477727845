import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256Hex } from '../support/webhook.ts'
import { Workspace } from '../stack/workspace.ts'
import { token } from '../e2e/webhook-server.ts'
import type { DeployedFunction } from './lambda-runtime.ts'

/** The output of `npm run package` for a configuration, unpacked. */
export interface PackagedFunction {
  /** The function as the template deploys it. */
  readonly deployed: DeployedFunction
  remove(): Promise<void>
}

/** Packages the function for the cluster `local` and the token of test/e2e, with the `sections` of a webhook.yaml. */
export const packageFunction = async (sections: object = {}): Promise<PackagedFunction> => {
  const workspace = await Workspace.create()
  await writeFile(join(workspace.folder, 'webhook.yaml'), JSON.stringify(sections))
  const { template, zip } = await workspace.package({ callerTokenSha256: `local=${sha256Hex(token)}` })
  const folder = join(workspace.folder, 'unpacked')
  execFileSync('python3', ['-m', 'zipfile', '-e', zip, folder])
  const { Handler, Timeout, MemorySize, Environment } =
    template.Resources['MutateLambdaFunction']?.Properties ?? {}
  return {
    deployed: {
      folder,
      handler: Handler,
      timeoutSeconds: Timeout,
      memoryMb: MemorySize,
      environment: Environment.Variables,
    },
    remove: () => workspace.remove(),
  }
}
