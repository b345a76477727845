import type { CallOutcome } from '../../../lib/telemetry/request-record.ts'
import type { Chapter } from './entry.ts'

/** What each outcome of a call in the log means, and what to do about it. */
export const outcomes: Readonly<Record<CallOutcome, { readonly why: string; readonly todo: string }>> = {
  patched: { why: 'The pod got its secrets.', todo: 'Nothing.' },
  unchanged: { why: 'The pod asks for none, or has them all.', todo: 'Nothing.' },
  health: { why: 'A health check; it is not counted in metrics.', todo: 'Nothing.' },
  denied: {
    why: 'The pod was denied: `reason` has the message.',
    todo: 'What [the denial](#a-pod-is-denied-how-to-read-it) says.',
  },
  unserved: {
    why: '`function.onFailure: admit`: the pod was created without its secrets, and `reason` says why.',
    todo: 'What [the denial](#a-pod-is-denied-how-to-read-it) says.',
  },
  'refused-caller': {
    why: 'Stage, cluster, token or method is none that is known; the call was answered by 404. From strangers it is to be expected at a public endpoint.',
    todo: 'If pods fail at the same time: `flyte-webhook doctor`.',
  },
  'bad-request': {
    why: 'The body is no AdmissionReview, too large, or of another type; `status` says which.',
    todo: 'Look at what stands between the API server and API Gateway.',
  },
  unavailable: {
    why: 'A store did not answer in time; `error.message` has its message, `error.cause` the name that AWS or Node gives it.',
    todo: 'As under [A store does not answer](#a-store-does-not-answer).',
  },
  failed: {
    why: 'A fault of this webhook: `error` says what and where.',
    todo: 'Report the entry; it holds no secret.',
  },
}

const errors: Chapter = {
  title: 'Errors in the log',
  intro:
    'What `error.message` can be, besides the messages under [A store does not answer](#a-store-does-not-answer). Each is answered by 500, and `failurePolicy` decides about the pod.',
  entries: [
    {
      says: ['an error that nobody foresaw: see its cause'],
      why: '`error.cause` has name, code and stack of it; foreign messages are left out, since they may quote a secret.',
      todo: 'Report the entry.',
    },
    {
      says: [
        'the manager <name> failed',
        'the manager <name> cannot be made',
        'it has no resolve',
        'it gave neither wants nor a reason',
        'it gave a promise, and nothing can be waited for',
        'its want number <n> is not one that the kit describes',
        'its warnings are no list of texts',
        'it wants a fetch, and has no pullContainers',
        'its init containers are not as the kit describes them',
      ],
      why: 'The manager is one that the configuration brings (`function.managers.<name>.from`), and its code has a fault. `error.cause` has name and stack of it.',
      todo: 'Correct the manager, and deploy. `flyte-webhook preview` shows the fault with the same pod.',
    },
    {
      says: ['not handled: <type>', '<manager> fetches nothing', 'Secrets Manager is not loaded'],
      why: 'The code contradicts itself: the bundle was changed after it was built, or this is a fault.',
      todo: 'Build and deploy again; if it stays, report the entry.',
    },
  ],
}

const start: Chapter = {
  title: 'The function does not start',
  intro: `Every call is answered by 503 ([the function did not answer](#api-gateway-answers-in-place-of-the-function)), and the function's log group has the message with
\`errorType: WebhookError\`. The stack's parameter \`callerTokenSha256\` becomes the variable \`CALLER_TOKEN_SHA256\`; packaging checks it,
so somebody has changed the variable since. \`flyte-webhook\` says \`--digests\` in its place.`,
  entries: [
    {
      says: ['CALLER_TOKEN_SHA256: entry <n> is not <cluster>=<SHA-256 in hex>'],
      why: 'An entry between two commas, counted from 1, is something else. It is not repeated, since it may be a token.',
      todo: 'Deploy again with what `flyte-webhook tokens create`, `rotate` or `retire` has printed.',
    },
    {
      says: ['CALLER_TOKEN_SHA256: the cluster <cluster> has more than two digests'],
      why: 'Configuration and parameter together have at most two digests for a cluster.',
      todo: '`flyte-webhook tokens retire` takes the older away; deploy what it prints.',
    },
  ],
}

/** What the function writes into its log. */
export const log = { errors, start }
