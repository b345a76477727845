import type { LoadedConfig } from '../config/config-file.ts'
import { envFileWayOf } from '../../lib/config/env-file-way.ts'
import { takesEnvFiles } from '../../lib/env-files.ts'
import { makesFilesOnly } from '../../lib/manager-kit/reason.ts'

/** The configuration of a manager, and the cluster that calls. */
export interface Answering extends LoadedConfig {
  readonly cluster: string
}

/** Says how a manager that refuses a variable, because it makes only files, could serve it; undefined if nothing would help. */
export const wayOutOf = (
  name: string,
  reason: string,
  { config, definitions, cluster }: Answering,
): string | undefined => {
  if (reason !== makesFilesOnly) return undefined
  const manager = definitions.find((each) => each.name === name)
  const way = manager && envFileWayOf(manager, config)
  if (way === undefined) return undefined
  const { envFiles } = config.function
  const needed = [
    ...(envFiles === undefined ? ['function.envFiles (Kubernetes 1.35 or later)'] : []),
    ...(way.kind === 'choice' ? [way.write] : []),
  ]
  const isOtherCluster = envFiles !== undefined && !takesEnvFiles(envFiles, cluster)
  return [
    ...(needed.length > 0 ? [`it makes variables with ${needed.join(' and ')}`] : []),
    // A preview without --cluster is from the cluster local, which nobody should add to the configuration.
    ...(isOtherCluster
      ? [`function.envFiles does not name the calling cluster ${cluster}: try --cluster <name>`]
      : []),
  ].join('; ')
}
