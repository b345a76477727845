/** The request that `doctor` uses to try a manager. It does not ask a store, and the secret does not have to exist. */
export const trialRequest = {
  group: 'flyte-webhook-doctor',
  groupVersion: '1',
  key: 'trial',
  envVar: 'FLYTE_WEBHOOK_DOCTOR',
} as const
