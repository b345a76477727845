import type { LoadedConfig } from '../config/config-file.ts'
import { envFilesCheck } from '../doctor/checks/env-files.ts'
import { gatherEnvFileFacts } from '../doctor/env-file-facts.ts'
import { known } from '../doctor/fact.ts'
import { trialNamespaceOf } from '../doctor/trial-question.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import type { Terminal } from './terminal.ts'

/** The cluster to register. */
interface Registering extends LoadedConfig {
  /** The name in the URL. */
  readonly name: string
  readonly kubernetesVersion: string
}

/**
 * Prints the warnings that `doctor` has about variables from files in a cluster, one per line. They do not stop the registration:
 * other secrets still arrive.
 */
export const noteEnvFiles = async (
  cluster: Cluster,
  { name, kubernetesVersion, ...loaded }: Registering,
  { warn, wait }: Terminal,
): Promise<void> => {
  const { config } = loaded
  const namespace = trialNamespaceOf(loaded)
  const question = { config, name: known(name), kubernetesVersion, namespace }
  const envFiles = await wait('checking the nodes', gatherEnvFileFacts(cluster, question))
  for (const { level, message, next } of envFilesCheck.look({ config, kubernetesVersion, envFiles })) {
    const advice = next === undefined ? '' : ` → ${next}`
    if (level !== 'ok') warn(`function.envFiles: ${message}${advice}`)
  }
}
