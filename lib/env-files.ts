import { matchesAny } from './name-pattern.ts'

/** Whether the pods of a cluster may take variables from files (`function.envFiles`, specification §4.8). */
export const takesEnvFiles = (
  where: true | readonly string[] | undefined,
  cluster: string | undefined,
): boolean => where === true || (where !== undefined && cluster !== undefined && matchesAny(where, cluster))
