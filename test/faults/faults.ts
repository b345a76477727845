/** Something that fails, and what its user sees. */
export interface Fault {
  /** What is wrong, in words. */
  readonly what: string
  /**
   * What `kubectl create` prints under `failurePolicy: Fail`, without the name of its file; in angle brackets stands what
   * differs from place to place. A message with `<token>` shows the credential.
   */
  readonly message: string
  /** What becomes of a pod under `failurePolicy: Ignore`. */
  readonly ignored: 'created without secrets' | 'refused too'
  /** What to do about it. */
  readonly remedy: string
}

const failed =
  'Error from server (InternalError): Internal error occurred: failed calling webhook "flyte-pod-webhook.flyte.org": failed to call webhook: '
const unsent = `${failed}Post "https://<host>/<cluster>/<token>/mutate--v1-pod?timeout=<n>s": `
const untrusted = `${unsent}tls: failed to verify certificate: x509: `
const denied =
  'Error from server (BadRequest): admission webhook "flyte-pod-webhook.flyte.org" denied the request: '
const asked = 'flyte.secrets/s0 (group "", key "password"): Global: it needs a group and a key; Embedded: '
const secretId = '"u__org__org__domain__development__project__flytesnacks__key__password"'

const ignored = 'created without secrets'
const renewed =
  '`flyte-webhook certs status` tells until when it is valid, `certs rotate` makes the next; AWS Certificate Manager renews its own'
const transient = 'It passes; Flyte creates the pod again. '

/** The faults that test/e2e/faults.e2e.ts plays through a real API server. */
export const faults = {
  away: {
    what: 'Nothing listens at the address',
    message: `${unsent}dial tcp <address>: connect: connection refused`,
    ignored,
    remedy: 'Look whether the stack is there and the URL is its output `WebhookUrl`; then register again',
  },
  cut: {
    what: 'The connection ends in the middle of a call',
    message: `${unsent}EOF`,
    ignored,
    remedy: `${transient}If it stays, look at what stands between the API server and API Gateway`,
  },
  silent: {
    what: 'No answer comes in the registered time',
    message: `${unsent}context deadline exceeded`,
    ignored,
    remedy:
      'The network drops the call: look at routes and security groups of the control plane. The function itself answers before its time is over',
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
    remedy: 'Wait, or go back to the one before; look at the clocks',
  },
  stranger: {
    what: 'The certificate is of an authority that is not in `caBundle`',
    message: `${untrusted}certificate signed by unknown authority`,
    ignored,
    remedy:
      'Register with `--ca-bundle` of its authority; when a certificate is rotated, before it is activated',
  },
  named: {
    what: 'The certificate is for another name',
    message: `${untrusted}certificate is valid for hooks.example.com, not <host>`,
    ignored,
    remedy: 'Register a URL of a name in the certificate, or make one for this name',
  },
  retired: {
    what: 'The function does not know cluster or token',
    message: `${failed}the server could not find the requested resource`,
    ignored,
    remedy: 'Deploy the digest of the token (`flyte-webhook tokens`), or register the URL with the right one',
  },
  crashed: {
    what: 'The function ends in the middle of a call',
    message: `${failed}flyte-webhook: the function did not answer: try again`,
    ignored,
    remedy: `${transient}If it stays, the log of the function says why`,
  },
  throttled: {
    what: 'API Gateway has too many calls at once, for as long as the API server tries again (ten seconds)',
    message: `${failed}flyte-webhook: too many calls at once: try again`,
    ignored,
    remedy:
      'Raise `throttleRate`, `throttleBurst` and `reservedConcurrency` of the stack ([deploy](deploy.md))',
  },
  storeCutOff: {
    what: 'Secrets Manager cannot be reached, and the value is not known from before',
    message: `${failed}${asked}Secrets Manager did not give ${secretId}: try again`,
    ignored,
    remedy: `${transient}If it stays, look at AWS Health; a function that you have put into a VPC needs an endpoint of Secrets Manager`,
  },
  storeSlow: {
    what: 'Secrets Manager does not answer in time, and the value is not known from before',
    message: `${failed}${asked}the secret ${secretId} was not there in time: try again`,
    ignored,
    remedy: `${transient}If it stays, as above`,
  },
  storeThrottled: {
    what: 'Secrets Manager throttles, and the value is not known from before',
    message: `${failed}${asked}Secrets Manager did not give ${secretId}: try again`,
    ignored,
    remedy: `${transient}If it stays, raise \`function.globalSecrets.ttlMs\``,
  },
  storeDenied: {
    what: 'The role of the function may not read the secret',
    message: `${denied}${asked}the function may not read ${secretId}: grant its role secretsmanager:GetSecretValue on it`,
    ignored: 'refused too',
    remedy: 'What it says',
  },
  missing: {
    what: 'No manager has the secret',
    message: `${denied}${asked}there is no secret of this key for the project, the domain or the organization`,
    ignored: 'refused too',
    remedy:
      'Make the secret, or correct the request; `flyte-webhook preview` shows what each manager says of it',
  },
} as const satisfies Record<string, Fault>

export type FaultName = keyof typeof faults

/** What a user is told where `Ignore` would have created a pod without secrets, and the registration has a guard. */
export const guarded: Fault = {
  what: 'Each of those under `Ignore`, where the registration has a guard',
  message:
    "Error from server (Forbidden): pods \"<pod>\" is forbidden: ValidatingAdmissionPolicy 'flyte-pod-webhook-guard' with binding 'flyte-pod-webhook-guard' denied request: the pod asks for secrets and none has reached it: see that MutatingWebhookConfiguration flyte-pod-webhook is registered and its webhook answers",
  ignored: 'refused too',
  remedy: "The API server's own log says which of the above it was (`failing open`)",
}

/** All of them, in the order of docs/troubleshooting.md. */
export const allFaults: readonly Fault[] = [...Object.values(faults), guarded]

/** Whether a message shows the credential of its cluster. */
export const showsToken = ({ message }: Fault): boolean => message.includes('<token>')
