import { functionDefaults } from '../../lib/config/defaults.ts'
import type { ConfigRule } from '../../lib/config/parse.ts'

/**
 * How much longer than the function's time-out the API server must wait, in seconds (specification §10). It covers the network,
 * and the answer of API Gateway to a function that times out.
 */
const marginSeconds = 2

/** The API server's maximum, in seconds (`timeoutSeconds` of a webhook, admissionregistration.k8s.io/v1). */
const maxTimeoutSeconds = 30

/** Returns the smallest `timeoutSeconds` that lets the API server wait for the function, in seconds. */
export const minTimeoutSeconds = (functionTimeoutSeconds: number): number =>
  functionTimeoutSeconds + marginSeconds

/**
 * The rule for a registered configuration: the API server waits for the function. If it gives up first, it prints the URL, with
 * its token, to whoever creates the pod.
 */
export const timeoutRule =
  (functionTimeoutSeconds: number): ConfigRule =>
  ({ function: own }) => {
    const timeoutSeconds = own?.registration?.timeoutSeconds ?? functionDefaults.timeoutSeconds
    const enough = minTimeoutSeconds(functionTimeoutSeconds)
    if (timeoutSeconds >= enough) return []
    const why = `the function can take ${functionTimeoutSeconds} seconds (provider.timeout of serverless.yml), and an API server that gives up first prints the URL with its token`
    const message =
      enough > maxTimeoutSeconds
        ? `is ${timeoutSeconds}, and even the maximum of ${maxTimeoutSeconds} is too little: ${why}; lower provider.timeout to ${maxTimeoutSeconds - marginSeconds} or less`
        : `must be ${enough} or more, not ${timeoutSeconds}: ${why}`
    return [{ path: ['function', 'registration', 'timeoutSeconds'], message }]
  }
