/** A failure, and what its user sees. */
export interface Fault {
  /** The problem, as a sentence without its full stop. */
  readonly what: string
  /**
   * The output of `kubectl create` under `failurePolicy: Fail`, without the file name. Parts in angle brackets differ from
   * place to place. A message with `<token>` shows the credential.
   */
  readonly message: string
  /** The result for a pod under `failurePolicy: Ignore`. */
  readonly ignored: 'created without secrets' | 'refused too'
  /** The remedy, in sentences without the last full stop. */
  readonly remedy: string
}

/** The beginning of every error of a call. */
export const failed =
  'Error from server (InternalError): Internal error occurred: failed calling webhook "flyte-pod-webhook.flyte.org": failed to call webhook: '
/** The beginning of an error below HTTP, in which the API server prints the URL. */
export const unsent = `${failed}Post "https://<host>/<cluster>/<token>/mutate--v1-pod?timeout=<n>s": `
const untrusted = `${unsent}tls: failed to verify certificate: x509: `
/** The beginning of a denial. */
export const denied =
  'Error from server (BadRequest): admission webhook "flyte-pod-webhook.flyte.org" denied the request: '
const asked = 'flyte.secrets/s0 (group "", key "password"): Global: it needs a group and a key; Embedded: '
const secretId = '"u__org__org__domain__development__project__flytesnacks__key__password"'

const ignored = 'created without secrets'
const renewed =
  'Check the dates with `flyte-webhook certs status`, and make the next certificate with `certs rotate`. AWS Certificate Manager renews its own'
const transient = 'Wait: Flyte creates the pod again. '

/** The faults that test/e2e/faults.e2e.ts causes at a real API server. */
export const faults = {
  away: {
    what: 'Nothing listens at the address',
    message: `${unsent}dial tcp <address>: connect: connection refused`,
    ignored,
    remedy: 'Check that the stack exists and that the URL is its output `WebhookUrl`. Then register again',
  },
  cut: {
    what: 'The connection ends in the middle of a call',
    message: `${unsent}EOF`,
    ignored,
    remedy: `${transient}If the error stays, check what lies between the API server and API Gateway`,
  },
  silent: {
    what: 'No answer comes in the registered time',
    message: `${unsent}context deadline exceeded`,
    ignored,
    remedy:
      'The network drops the call. Check the routes and security groups of the control plane. The function itself always answers before the deadline',
  },
  expired: {
    what: 'The certificate has expired',
    message: `${untrusted}certificate has expired or is not yet valid: current time <time> is after <time>`,
    ignored,
    remedy: renewed,
  },
  early: {
    what: 'The certificate is not valid yet',
    message: `${untrusted}certificate has expired or is not yet valid: current time <time> is before <time>`,
    ignored,
    remedy: 'Check the clocks. Then wait, or go back to the previous certificate',
  },
  stranger: {
    what: 'The `caBundle` does not hold the authority that signed the certificate',
    message: `${untrusted}certificate signed by unknown authority`,
    ignored,
    remedy:
      'Register with `--ca-bundle` and the authority. In a rotation, register before you activate the next certificate',
  },
  named: {
    what: 'The certificate is for another name',
    message: `${untrusted}certificate is valid for hooks.example.com, not <host>`,
    ignored,
    remedy: 'Register a URL with a name from the certificate, or make a certificate for this name',
  },
  retired: {
    what: 'The function does not know the cluster or the token',
    message: `${failed}the server could not find the requested resource`,
    ignored,
    remedy: 'Deploy the digest of the token (`flyte-webhook tokens`), or register with the deployed token',
  },
  crashed: {
    what: 'The function ends in the middle of a call',
    message: `${failed}flyte-webhook: the function did not answer: try again`,
    ignored,
    remedy: `${transient}If the error stays, check the log of the function`,
  },
  throttled: {
    what: 'API Gateway throttles the calls, and the API server has retried for ten seconds',
    message: `${failed}flyte-webhook: too many calls at once: try again`,
    ignored,
    remedy:
      'Raise `throttleRate`, `throttleBurst` and `reservedConcurrency` ([deploy](deploy.md#parameters))',
  },
  storeCutOff: {
    what: 'Secrets Manager is unreachable, and the function has no cached value',
    message: `${failed}${asked}Secrets Manager did not return ${secretId}: try again`,
    ignored,
    remedy: `${transient}If the error stays, check AWS Health. A function in your VPC needs a Secrets Manager endpoint`,
  },
  storeSlow: {
    what: 'Secrets Manager does not answer in time, and the function has no cached value',
    message: `${failed}${asked}the secret ${secretId} did not arrive in time: try again`,
    ignored,
    remedy: `${transient}If the error stays, check AWS Health`,
  },
  storeThrottled: {
    what: 'Secrets Manager throttles the calls, and the function has no cached value',
    message: `${failed}${asked}Secrets Manager did not return ${secretId}: try again`,
    ignored,
    remedy: `${transient}If the error stays, raise \`function.globalSecrets.ttlMs\``,
  },
  storeDenied: {
    what: 'The role of the function cannot read the secret',
    message: `${denied}${asked}the function cannot read ${secretId}: grant its role secretsmanager:GetSecretValue on it`,
    ignored: 'refused too',
    remedy: 'Grant the permission that the message names',
  },
  missing: {
    what: 'No manager has the secret',
    message: `${denied}${asked}no secret has this key in the project, the domain or the organization`,
    ignored: 'refused too',
    remedy:
      'Create the secret, or correct the request. `flyte-webhook preview` shows the reason of each manager',
  },
} as const satisfies Record<string, Fault>

export type FaultName = keyof typeof faults

/** The fault under `Ignore` if the registration has a guard, which refuses a pod without its secrets. */
export const guarded: Fault = {
  what: 'The registration has `failurePolicy: Ignore` and a guard, and one of the errors above has happened',
  message:
    "Error from server (Forbidden): pods \"<pod>\" is forbidden: ValidatingAdmissionPolicy 'flyte-pod-webhook-guard' with binding 'flyte-pod-webhook-guard' denied request: the pod asks for secrets but got none: check that MutatingWebhookConfiguration flyte-pod-webhook is registered and its webhook answers",
  ignored: 'refused too',
  remedy: "Search the API server's own log for `failing open`, which names the error",
}

/** All faults, in the order of docs/troubleshooting.md. */
export const allFaults: readonly Fault[] = [...Object.values(faults), guarded]

/** Whether a message shows the credential of its cluster. */
export const showsToken = ({ message }: Fault): boolean => message.includes('<token>')
