/** The number of calls that one admission may make to a store (specification §4.7). */
const maxCalls = 100

/** The remaining budget of one admission for a store. */
export interface CallBudget {
  /** Whether one more secret may be requested. A pod that needs more is denied, for any answer of the store. */
  readonly takeSecret: () => boolean
  /** Whether one more call may be made. Retries count, so a failing store gets no more load than a healthy one. */
  readonly takeCall: () => boolean
}

export const createCallBudget = (): CallBudget => {
  let secrets = maxCalls
  let calls = maxCalls
  return {
    takeSecret: () => secrets-- > 0,
    takeCall: () => calls-- > 0,
  }
}

/** For the start of the function, which no pod causes. */
export const unlimited: CallBudget = { takeSecret: () => true, takeCall: () => true }
