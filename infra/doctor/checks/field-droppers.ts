import type { Config } from '../../../lib/config/config.ts'
import { optionsOf } from '../../../lib/config/described-manager.ts'
import { isTrue, name as annotationName } from '../../../lib/managers/vault-injection.ts'
import { vault, type VaultOptions } from '../../../lib/managers/vault.ts'
import {
  type DropperDeployment,
  type FieldDropper,
  keepsField,
  podIdentityWebhook,
  vaultK8s,
} from '../field-droppers.ts'
import { problem, type Verdict, warning } from '../finding.ts'

/** The fallback for a cluster that cannot take variables from files. */
export const leaveOut = 'leave the cluster out of function.envFiles'

/** Says what to do about a program that drops the field. */
export const upgradeOf = ({ program, since }: FieldDropper): string =>
  `upgrade ${program} to ${since} or later, or ${leaveOut}`

interface Circumstances {
  readonly config: Config
  /** Whether a pod was created under a service account with an IAM role, with any result. */
  readonly isTriedUnderRole: boolean
}

/** Returns the faults of the programs that a cluster runs, by the tags of their images. */
export const dropperFaults = (
  found: readonly DropperDeployment[],
  { config, isTriedUnderRole }: Circumstances,
): readonly Verdict[] => [
  ...found
    .filter(({ dropper }) => dropper === podIdentityWebhook)
    // The trial pod is better evidence than a tag without a version.
    .filter((one) => !isTriedUnderRole || keepsField(one) !== undefined)
    .flatMap((one) => faultsOfTag(one, problem)),
  ...(config.webhook.secretManagerTypes.includes(vault.name)
    ? vaultFaults(
        found.filter(({ dropper }) => dropper === vaultK8s),
        config,
      )
    : []),
]

const vaultFaults = (found: readonly DropperDeployment[], config: Config): readonly Verdict[] => {
  const { program, since, from } = vaultK8s
  if (found.length === 0)
    return [
      warning(
        `no Deployment runs ${program}, so its version is unknown: before ${since} it drops fileKeyRef from ${from}`,
        `check that it is ${since} or later`,
      ),
    ]
  // If the operator sets that nothing is moved, only pods with their own annotation are affected.
  const { annotations }: VaultOptions = optionsOf(vault, config)
  const isMoving = isTrue(annotations[annotationName('agent-init-first')] ?? 'true')
  return found.flatMap((one) => faultsOfTag(one, isMoving ? problem : warning))
}

const faultsOfTag = (one: DropperDeployment, level: typeof problem): readonly Verdict[] => {
  const { namespace, name, tag } = one
  const { program, since, from } = one.dropper
  const isKept = keepsField(one)
  if (isKept === true) return []
  return [
    isKept === false
      ? level(
          `Deployment ${namespace}/${name} runs ${program} ${tag}, which drops fileKeyRef from ${from}`,
          upgradeOf(one.dropper),
        )
      : warning(
          `the image of Deployment ${namespace}/${name} has no version in its tag: before ${since} ${program} drops fileKeyRef from ${from}`,
          `check that it is ${since} or later`,
        ),
  ]
}
