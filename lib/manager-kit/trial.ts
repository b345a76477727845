/** The request by which `doctor` tries a manager: no store is asked for it, and no such secret has to exist. */
export const trialRequest = {
  group: 'flyte-webhook-doctor',
  groupVersion: '1',
  key: 'trial',
  envVar: 'FLYTE_WEBHOOK_DOCTOR',
} as const
