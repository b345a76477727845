import type { Chapter } from './entry.ts'
import { ofManagers } from './of-managers.ts'

const failedToCall = '`failed calling webhook "flyte-pod-webhook.flyte.org": failed to call webhook:`'

const calls: Chapter = {
  title: 'The function refuses a call',
  intro: `\`kubectl\` prints ${failedToCall} and the message; \`failurePolicy\` decides about the pod.`,
  entries: [
    {
      says: ['the server could not find the requested resource'],
      http: [404],
      why: 'Stage, cluster or token of the registered URL is not one that is deployed, or the method is wrong. It is said in these words, after the same time, whatever is wrong.',
      todo: '`flyte-webhook doctor` says which. Deploy the digest of the token (`flyte-webhook tokens`), or register with the right one.',
    },
    {
      says: ['flyte-webhook failed: its log says why'],
      http: [500],
      why: 'A fault of this webhook.',
      todo: "Look at the entry of level `ERROR` in the function's log group (the stack's output `FunctionLogGroup`), and report it: no entry holds a secret.",
    },
    {
      says: [
        'the body is not JSON',
        'the body is no AdmissionReview: kind must be AdmissionReview',
        'the body is no AdmissionReview: apiVersion must be <versions>',
        'the body is no AdmissionReview: <field> must be an object',
        'the body is no AdmissionReview: <field> must be a string',
        'the body is no AdmissionReview: <field> must be a string that is not empty',
      ],
      http: [400],
      why: 'Something else than an API server calls, or something on the way changes bodies: a proxy, or a mapping template of the API.',
      todo: 'Let the API server call API Gateway itself. `flyte-webhook review` answers a body without any server.',
    },
    {
      says: [
        'request.object.<field> must be an object',
        'request.object.<field> must be an object of strings',
        'request.object.<field> must be a list of objects with a name',
        'request.object.<field> must be a list of objects with a name and a mountPath',
      ],
      http: [400],
      why: 'The pod is none that an API server would send: it checks types before it calls webhooks.',
      todo: 'As above.',
    },
    {
      says: ['the content type must be application/json'],
      http: [415],
      why: 'An API server sends this header. A call by hand may not.',
      todo: "With curl: `--header 'content-type: application/json'`.",
    },
    {
      says: ['the body is larger than <n> bytes'],
      http: [413],
      why: 'A pod is rarely so large: an API server takes 3 MiB from a client, and etcd stores 1.5 MiB an object. What is sent here is JSON, with managed fields and with six bytes for each `<`, `>` and `&`, so it can be larger than what the client sent.',
      todo: 'Look at who calls. If it is an API server, take data out of the pod.',
    },
  ],
}

const gateway: Chapter = {
  title: 'API Gateway answers in place of the function',
  intro: `\`kubectl\` prints ${failedToCall} and the message. A path that is no route gets
the function's own 404. The access log (the stack's output \`AccessLogGroup\`) has the call with \`errorType\` and \`integrationStatus\`.`,
  entries: [
    {
      says: ['flyte-webhook: the resource policy of its API does not let this network call'],
      http: [403],
      why: 'The call came from an address that is not in `allowedCidrs`, or not through an endpoint of `vpcEndpointIds`.',
      todo: 'Take `sourceIp` from the access log. NAT gateways of the control plane may have changed: correct the parameter and deploy ([deploy](deploy.md#1-choose-the-network)).',
    },
    {
      says: ['flyte-webhook: the web ACL of its API refused the call'],
      http: [403],
      why: 'A rule of the web ACL `webAclArn` has matched.',
      todo: 'Find the rule in the log of the web ACL. Rules about the body match pods: leave them out for this API.',
    },
    {
      says: ['flyte-webhook: too many calls at once: try again'],
      http: [429],
      why: 'More calls than `throttleRate` and `throttleBurst`, for as long as the API server has tried again (ten seconds).',
      todo: 'Raise the two, and `reservedConcurrency` ([deploy](deploy.md#parameters)).',
    },
    {
      says: ['flyte-webhook: the function did not answer: try again'],
      http: [503, 504],
      why: 'Lambda could not run the function, had no concurrency left, or the function ended in the middle of the call. With 504 it took longer than API Gateway waits.',
      todo: "It passes; Flyte creates the pod again. If it stays, the function's log group says why: look for `INIT_REPORT`, `Runtime.` and the start failures below.",
    },
    {
      says: ['flyte-webhook: API Gateway refused the call: its access log says why'],
      http: [400],
      why: 'Another refusal of API Gateway: `errorType` in the access log names it.',
      todo: 'Look the type up in API Gateway\'s documentation ("Gateway response types").',
    },
    {
      says: ['flyte-webhook: API Gateway failed: its access log says why'],
      http: [500],
      why: 'API Gateway may not invoke the function, or has failed itself.',
      todo: 'Deploy again, which grants the permission anew; else look at AWS Health.',
    },
  ],
}

const warnings: Chapter = {
  title: 'Warnings',
  intro:
    '`kubectl` prints `Warning:` and the message, of which the API server shows 120 characters. The pod is created.',
  entries: [
    {
      says: ['variable <name> is kept as its container has it, without the secret: <containers>'],
      why: 'Profile `flyte1`: the container has a variable of this name with another content, and it stays as in Flyte 1. The task does not see the secret.',
      todo: "Take the variable out of the pod template or the image's `env`, or rename the `env_var`.",
    },
    {
      says: ['variable <name> is replaced by the secret: <containers>'],
      why: 'Profile `flyte2`: the container had a variable of this name with another content.',
      todo: 'Nothing, if the secret is what it should have; else rename the `env_var`.',
    },
    {
      says: ['variable <name> is not given to what starts before its file is written: <containers>'],
      why: 'The variable comes from a file (`function.envFiles`), and these init containers start before the one that writes it. A variable of their own stays.',
      todo: 'Nothing, if they need no secret. Otherwise let this webhook see them last (`function.registration.reinvocation: Never`), or with Vault take `agent-init-first: "false"` away.',
    },
    {
      says: ['and <n> more warnings'],
      why: 'There are more than 100 warnings. The API server shows 4,096 characters of them in all.',
      todo: 'Nothing.',
    },
    {
      says: ['admitted without its secrets: <denial>'],
      why: '`function.onFailure: admit`: the pod would have been denied, and is created without secrets.',
      todo: "What the denial says, which the audit log and the function's log have in full.",
    },
    ...ofManagers.warnings,
  ],
}

const refusals: Chapter = {
  title: 'The API server refuses a pod that got variables from files',
  intro:
    'With `function.envFiles`: the pod was admitted with references to files (`fileKeyRef`), and what came of it after all webhooks is not valid. `kubectl` prints `The Pod "<name>" is invalid:` and the message, once for each variable of each container.',
  entries: [
    {
      says: ['<variable>.valueFrom.fileKeyRef.volumeName: Not found: "vault-secrets"'],
      why: "Vault's injector has not changed the pod, so that its volume is not there: it is not installed, is called before this webhook, leaves the namespace or the pod out by its selectors, or did not answer and its `failurePolicy` is `Ignore`.",
      todo: '`flyte-webhook doctor` (checks `call-order` and `env-files`). Install the injector or let it come behind this webhook; without it leave the cluster out of `function.envFiles`.',
    },
    {
      says: ['<variable>.valueFrom: Invalid value: "": must specify one of: <sources>'],
      why: 'The reference is gone: a webhook behind this one does not know the field and drops it (vault-k8s before 1.7.1, pod-identity-webhook before 0.6.9), or the API server does not (before 1.34, or with the feature gate `EnvFiles` off).',
      todo: '`flyte-webhook doctor` (check `env-files`) says which. Upgrade it, or leave the cluster out of `function.envFiles`.',
    },
  ],
}

const audit: Chapter = {
  title: 'Annotations in the audit log',
  intro:
    'From the level `Metadata` on, the audit log of the API server has these at the creation of a pod. No value stands in them.',
  entries: [
    {
      says: ['flyte-pod-webhook.flyte.org/config: <digest>'],
      why: 'The configuration that has decided, by the digest that `flyte-webhook status` shows.',
    },
    {
      says: ['flyte-pod-webhook.flyte.org/injected: <manager>:<n>,<manager>:<n>'],
      why: 'How many secrets each manager gave, in the order in which they are asked.',
    },
    {
      says: [
        'flyte-pod-webhook.flyte.org/on-failure: admit',
        'flyte-pod-webhook.flyte.org/refused: <annotations>',
      ],
      why: 'The pod was created without these secrets (`function.onFailure: admit`).',
    },
  ],
}

const containers: Chapter = {
  title: 'What init containers print',
  intro:
    "The pod was admitted and stays in `Init:Error` or `Init:CrashLoopBackOff`. `kubectl logs <pod> --container <container>` shows these for `aws-pull-secrets` (`function.aws.fetcher: cli`) and the init container of `Embedded`; what the AWS CLI or jq says itself stands before them. Those of `AWS` (sidecar), `GCP` and `Azure` print what `gcloud`, `az` and AWS's sidecar say.",
  entries: [
    {
      says: ['<file>: it could not be written', 'it could not be written'],
      why: 'The memory volume is full, or a file is a folder of another.',
      todo: 'Raise the memory limit of the init container: a memory volume counts against it.',
    },
    ...ofManagers.initContainers,
  ],
}

/** What is answered to calls, and printed in pods. */
export const answers = { calls, gateway, warnings, refusals, audit, containers }
