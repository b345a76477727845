import { functionDefaults } from '../../lib/config/defaults.ts'
import type { ConfigRule } from '../../lib/config/parse.ts'

/**
 * How much longer the API server has to wait than the function may take, in seconds (specification §10): the way there and
 * back, and the answer of API Gateway to a function that runs out of time.
 */
const marginSeconds = 2

/** The API server takes no more, in seconds (`timeoutSeconds` of a webhook, admissionregistration.k8s.io/v1). */
const maxTimeoutSeconds = 30

/** The least `timeoutSeconds` that lets the API server wait for a function, in seconds. */
export const minTimeoutSeconds = (functionTimeoutSeconds: number): number =>
  functionTimeoutSeconds + marginSeconds

/**
 * The rule of a configuration that is registered: the API server waits for the function. One that gives up first prints the
 * URL, with its token, to whoever creates the pod.
 */
export const timeoutRule =
  (functionTimeoutSeconds: number): ConfigRule =>
  ({ function: own }) => {
    const timeoutSeconds = own?.registration?.timeoutSeconds ?? functionDefaults.timeoutSeconds
    const enough = minTimeoutSeconds(functionTimeoutSeconds)
    if (timeoutSeconds >= enough) return []
    const why = `the function may take ${functionTimeoutSeconds} seconds (provider.timeout of serverless.yml), and an API server that gives up first prints the URL with its token`
    const message =
      enough > maxTimeoutSeconds
        ? `is ${timeoutSeconds}, and ${maxTimeoutSeconds} at most, which is too little: ${why}; lower provider.timeout to ${maxTimeoutSeconds - marginSeconds} or less`
        : `must be ${enough} or more, not ${timeoutSeconds}: ${why}`
    return [{ path: ['function', 'registration', 'timeoutSeconds'], message }]
  }
