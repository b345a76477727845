import { auditCheck } from './checks/audit.ts'
import { callOrderCheck } from './checks/call-order.ts'
import { certificateCheck } from './checks/certificate.ts'
import { clocksCheck } from './checks/clocks.ts'
import { functionCheck, kubernetesCheck } from './checks/function.ts'
import { envFilesCheck } from './checks/env-files.ts'
import { flyteWebhookCheck, servicesCheck } from './checks/leftovers.ts'
import { systemNamespacesCheck } from './checks/namespaces.ts'
import { failurePolicyCheck } from './checks/failure-policy.ts'
import { guardCheck } from './checks/guard.ts'
import { registrationCheck } from './checks/registration.ts'
import { timeoutCheck } from './checks/time-out.ts'
import { tokensCheck } from './checks/tokens.ts'
import { trialCheck } from './checks/trial.ts'
import type { ClusterFacts, RegistrationFacts } from './facts.ts'
import type { Check } from './finding.ts'

/** The checks of `status`: whether the webhook is on, and valid. */
export const registrationChecks: readonly Check<RegistrationFacts>[] = [
  registrationCheck,
  failurePolicyCheck,
  guardCheck,
  certificateCheck,
  functionCheck,
]

/** The checks of `doctor`, in the order of its report. */
export const clusterChecks: readonly Check<ClusterFacts>[] = [
  kubernetesCheck,
  registrationCheck,
  failurePolicyCheck,
  guardCheck,
  timeoutCheck,
  systemNamespacesCheck,
  callOrderCheck,
  flyteWebhookCheck,
  servicesCheck,
  certificateCheck,
  functionCheck,
  trialCheck,
  envFilesCheck,
  tokensCheck,
  clocksCheck,
  auditCheck,
]
