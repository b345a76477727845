import type { Config } from '../../../lib/config/config.ts'
import { takesFileKeys } from '../../registration/kubernetes-version.ts'
import type { EnvFileFacts, Kubelet } from '../env-file-facts.ts'
import type { EnvFileTrial } from '../env-file-trial.ts'
import type { Fact } from '../fact.ts'
import { fewOf } from '../few-of.ts'
import { fieldDroppers } from '../field-droppers.ts'
import { type Check, faultsOr, ok, problem, type Verdict, whenKnown } from '../finding.ts'
import { dropperFaults, leaveOut, upgradeOf } from './field-droppers.ts'

/** The facts that the check needs. `register` has only these. */
export interface EnvFileLook {
  readonly config: Config
  readonly kubernetesVersion: string
  readonly envFiles: Fact<EnvFileFacts | undefined>
}

/** Checks that containers of this cluster can take variables from files, if `function.envFiles` says so (specification §4.8). */
export const envFilesCheck: Check<EnvFileLook> = {
  name: 'env-files',
  look: (all) =>
    whenKnown(all.envFiles, (facts) => {
      if (facts === undefined) return [ok('function.envFiles does not name this cluster')]
      const { nodes, serviceAccount, trial, droppers } = facts
      return faultsOr(
        [
          ...whenKnown(nodes, nodeFaults),
          ...whenKnown(serviceAccount, () => []),
          ...whenKnown(trial, (one) => trialFaults(one, all, facts)),
          ...whenKnown(droppers, (found) =>
            dropperFaults(found, {
              config: all.config,
              isTriedUnderRole: accountOf(facts) !== undefined && trial.kind === 'known',
            }),
          ),
        ],
        wellIn(facts),
      )
    }),
}

const nodeFaults = (nodes: readonly Kubelet[]): readonly Verdict[] => {
  const old = nodes.filter(({ version }) => !takesFileKeys(version))
  if (old.length === 0) return []
  const named = fewOf(old.map(({ node, version }) => `${node} (${version})`))
  return [
    problem(
      `${old.length} of ${nodes.length} nodes have a kubelet before 1.35, where a variable from a file is silently empty: ${named}`,
      `upgrade these nodes, or ${leaveOut}`,
    ),
  ]
}

const trialFaults = (
  trial: EnvFileTrial,
  { kubernetesVersion }: EnvFileLook,
  facts: EnvFileFacts,
): readonly Verdict[] => {
  switch (trial.kind) {
    case 'kept':
      return []
    case 'not-taken':
      return [
        takesFileKeys(kubernetesVersion)
          ? problem(
              `the API server (${kubernetesVersion}) has the feature gate EnvFiles off: it refuses pods with a fileKeyRef`,
              `switch the feature gate EnvFiles on, or ${leaveOut}`,
            )
          : problem(
              `the API server (${kubernetesVersion}) does not know fileKeyRef: it refuses pods with one`,
              `upgrade to Kubernetes 1.35 or later, or ${leaveOut}`,
            ),
      ]
    case 'dropped':
      return [faultOfDropped(trial, facts)]
  }
}

const faultOfDropped = (
  { called }: Extract<EnvFileTrial, { kind: 'dropped' }>,
  facts: EnvFileFacts,
): Verdict => {
  const webhooks = called.kind === 'known' ? called.value : []
  const what = `${podIn(facts)} loses fileKeyRef to a webhook (server-side dry run)`
  for (const dropper of fieldDroppers) {
    const suspect = webhooks.find(({ configuration, webhook }) =>
      dropper.webhooks.test(`${configuration} ${webhook.name}`),
    )
    if (suspect !== undefined)
      return problem(
        `${what}: probably ${suspect.webhook.name}, because ${dropper.program} before ${dropper.since} drops it`,
        upgradeOf(dropper),
      )
  }
  const names = webhooks.map(({ webhook }) => webhook.name)
  return problem(
    names.length === 0 ? what : `${what}; candidates: ${names.join(', ')}`,
    `upgrade the program of the webhook, or ${leaveOut}`,
  )
}

/** Returns the service account with a role that the trial pod used. */
const accountOf = ({ serviceAccount }: EnvFileFacts): string | undefined =>
  serviceAccount.kind === 'known' ? serviceAccount.value : undefined

const podIn = (facts: EnvFileFacts): string => {
  const account = accountOf(facts)
  return account === undefined
    ? `a pod in ${facts.namespace}`
    : `a pod in ${facts.namespace}, under the service account ${account} with its IAM role,`
}

const wellIn = (facts: EnvFileFacts): string =>
  `every kubelet is 1.35 or later, and ${podIn(facts)} keeps fileKeyRef (server-side dry run)${accountOf(facts) === undefined ? '; no service account there has an IAM role' : ''}`
