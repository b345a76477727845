/** How many calls one admission may make to a store (specification §4.7). */
const maxCalls = 100

/** What one admission may still ask of a store. */
export interface CallBudget {
  /** Whether one more secret may be asked for. A pod that needs more is denied, whatever the store answers. */
  readonly takeSecret: () => boolean
  /** Whether one more call may be made. Repetitions count, so that a store that fails has no more load than one that does not. */
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
