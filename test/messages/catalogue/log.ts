import type { CallOutcome } from '../../../lib/telemetry/request-record.ts'
import type { Chapter } from './entry.ts'

/** The meaning of each outcome of a call in the log, and what to do about it. */
export const outcomes: Readonly<Record<CallOutcome, { readonly why: string; readonly todo: string }>> = {
  patched: { why: 'The pod got its secrets.', todo: 'Nothing.' },
  unchanged: { why: 'The pod asks for none, or already has them all.', todo: 'Nothing.' },
  health: { why: 'A health check. Metrics do not count it.', todo: 'Nothing.' },
  denied: {
    why: 'The pod was denied. `reason` has the message.',
    todo: 'Look up [the denial](#a-pod-is-denied-how-to-read-it).',
  },
  unserved: {
    why: 'With `function.onFailure: admit` the pod was created without its secrets. `reason` has the message.',
    todo: 'Look up [the denial](#a-pod-is-denied-how-to-read-it).',
  },
  'refused-caller': {
    why: 'The stage, cluster, token or method is unknown, and the caller got a 404. A public endpoint gets such calls from strangers.',
    todo: 'If pods fail at the same time, run `flyte-webhook doctor`.',
  },
  'bad-request': {
    why: 'The body is not an AdmissionReview, too large, or of another type. `status` says which.',
    todo: 'Check what lies between the API server and API Gateway.',
  },
  unavailable: {
    why: 'A store did not answer in time. `error.message` has the message, and `error.cause` the name of the error in AWS or Node.',
    todo: 'See [A store does not answer](#a-store-does-not-answer).',
  },
  failed: {
    why: 'This is a bug in the webhook. `error` says what failed and where.',
    todo: 'Report the entry. It holds no secret.',
  },
}

const errors: Chapter = {
  title: 'Errors in the log',
  intro:
    'The values of `error.message`, besides the messages under [A store does not answer](#a-store-does-not-answer). The function answers 500, and `failurePolicy` decides what happens to the pod.',
  entries: [
    {
      says: ['unexpected error: see its cause'],
      why: '`error.cause` has the name, code and stack of the error. The log leaves out the foreign message, because it may quote a secret.',
      todo: 'Report the entry.',
    },
    {
      says: [
        'the manager <name> failed',
        'the manager <name> cannot be created',
        'it has no function resolve',
        'it returned neither wants nor a reason',
        'it returned a promise, but must answer at once',
        "its want number <n> does not match the kit's types",
        'its warnings are not a list of strings',
        'it wants a fetch, but has no pullContainers',
        "its init containers do not match the kit's types",
      ],
      why: 'The configuration brings this manager (`function.managers.<name>.from`), and its code has a bug. `error.cause` has the name and stack.',
      todo: 'Correct the manager and deploy. `flyte-webhook preview` reproduces the error with the same pod.',
    },
    {
      says: ['not handled: <type>', '<manager> fetches nothing', 'Secrets Manager is not loaded'],
      why: 'Someone changed the bundle after the build, or this is a bug in the webhook.',
      todo: 'Build and deploy again. If the error stays, report the entry.',
    },
  ],
}

const start: Chapter = {
  title: 'The function does not start',
  intro:
    "Every call gets a 503 ([the function did not answer](#api-gateway-answers-in-place-of-the-function)). The function's log group has the message with `errorType: WebhookError`. The stack's parameter `callerTokenSha256` becomes the variable `CALLER_TOKEN_SHA256`. Packaging checks the parameter, and someone has changed the variable since. `flyte-webhook` prints `--digests` in its place.",
  entries: [
    {
      says: ['CALLER_TOKEN_SHA256: entry <n> is not <cluster>=<SHA-256 in hex>'],
      why: 'An entry of the comma-separated list (counted from 1) has another form. The message does not repeat it, because it may be a token.',
      todo: 'Deploy again with the output of `flyte-webhook tokens create`, `rotate` or `retire`.',
    },
    {
      says: ['CALLER_TOKEN_SHA256: the cluster <cluster> has more than two digests'],
      why: 'A cluster can have two digests, counted over the configuration and the parameter.',
      todo: 'Remove the older one with `flyte-webhook tokens retire`, and deploy the parameter that it prints.',
    },
  ],
}

/** The messages in the function's log. */
export const log = { errors, start }
