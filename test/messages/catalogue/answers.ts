import type { Chapter } from './entry.ts'
import { ofManagers } from './of-managers.ts'

const failedToCall = '`failed calling webhook "flyte-pod-webhook.flyte.org": failed to call webhook:`'

const calls: Chapter = {
  title: 'The function refuses a call',
  intro: `\`kubectl\` prints ${failedToCall} and the message. \`failurePolicy\` decides what happens to the pod.`,
  entries: [
    {
      says: ['the server could not find the requested resource'],
      http: [404],
      why: 'The stage, the cluster or the token of the registered URL is not deployed, or the method is wrong. The function answers every wrong path with the same message after the same time.',
      todo: 'Run `flyte-webhook doctor`. Deploy the digest of the token (`flyte-webhook tokens`), or register with the deployed token.',
    },
    {
      says: ['flyte-webhook failed: its log says why'],
      http: [500],
      why: 'This is a bug in the webhook.',
      todo: "Find the `ERROR` entry in the function's log group (the stack's output `FunctionLogGroup`) and report it. No entry holds a secret.",
    },
    {
      says: [
        'the body is not JSON',
        'the body is not an AdmissionReview: kind must be AdmissionReview',
        'the body is not an AdmissionReview: apiVersion must be <versions>',
        'the body is not an AdmissionReview: <field> must be an object',
        'the body is not an AdmissionReview: <field> must be a string',
        'the body is not an AdmissionReview: <field> must be a non-empty string',
      ],
      http: [400],
      why: 'The caller is not an API server, or something on the way changes the body: a proxy, or a mapping template of the API.',
      todo: 'Let the API server call API Gateway directly. `flyte-webhook review` answers a body without a server.',
    },
    {
      says: [
        'request.object.<field> must be an object',
        'request.object.<field> must be an object of strings',
        'request.object.<field> must be a list of objects with a name',
        'request.object.<field> must be a list of objects with a name and a mountPath',
      ],
      http: [400],
      why: 'An API server never sends such a pod: it validates types before it calls webhooks.',
      todo: 'Let the API server call API Gateway directly.',
    },
    {
      says: ['the content type must be application/json'],
      http: [415],
      why: 'An API server always sends this header. A call by hand may lack it.',
      todo: "With curl, add `--header 'content-type: application/json'`.",
    },
    {
      says: ['the body is larger than <n> bytes'],
      http: [413],
      why: "A pod is rarely this large: an API server accepts 3 MiB from a client, and etcd stores 1.5 MiB for each object. The body can be larger than the client's request. It is JSON with managed fields, and it takes six bytes for each `<`, `>` and `&`.",
      todo: 'Find the caller. If it is an API server, make the pod smaller.',
    },
  ],
}

const gateway: Chapter = {
  title: 'API Gateway answers in place of the function',
  intro: `\`kubectl\` prints ${failedToCall} and the message. A path without a route gets the function's own 404. The access log (the stack's output \`AccessLogGroup\`) has the call with its \`errorType\` and \`integrationStatus\`.`,
  entries: [
    {
      says: ['flyte-webhook: the resource policy of its API does not allow calls from this network'],
      http: [403],
      why: 'The source address is not in `allowedCidrs`, or the call did not come through an endpoint of `vpcEndpointIds`.',
      todo: 'Take `sourceIp` from the access log. The NAT gateways of the control plane may have changed. Correct the parameter and deploy ([deploy](deploy.md#1-choose-the-network)).',
    },
    {
      says: ['flyte-webhook: the web ACL of its API refused the call'],
      http: [403],
      why: 'A rule of the web ACL `webAclArn` matched.',
      todo: 'Find the rule in the log of the web ACL. Exclude rules that inspect bodies for this API, because they match pods.',
    },
    {
      says: ['flyte-webhook: too many calls at once: try again'],
      http: [429],
      why: 'There were more calls than `throttleRate` and `throttleBurst` allow. The API server retries for ten seconds before it shows this error.',
      todo: 'Raise `throttleRate`, `throttleBurst` and `reservedConcurrency` ([deploy](deploy.md#parameters)).',
    },
    {
      says: ['flyte-webhook: the function did not answer: try again'],
      http: [503, 504],
      why: 'Lambda could not run the function, had no concurrency left, or the function ended in the middle of the call. With 504 the function took longer than API Gateway waits.',
      todo: "Wait: Flyte creates the pod again. If the error stays, search the function's log group for `INIT_REPORT`, `Runtime.` and the messages under [The function does not start](#the-function-does-not-start).",
    },
    {
      says: ['flyte-webhook: API Gateway refused the call: its access log says why'],
      http: [400],
      why: 'API Gateway refused the call for another reason. `errorType` in the access log names it.',
      todo: 'Look the type up in API Gateway\'s documentation ("Gateway response types").',
    },
    {
      says: ['flyte-webhook: API Gateway failed: its access log says why'],
      http: [500],
      why: 'API Gateway lacks the permission to invoke the function, or has failed itself.',
      todo: 'Deploy again, which renews the permission. If the error stays, check AWS Health.',
    },
  ],
}

const warnings: Chapter = {
  title: 'Warnings',
  intro:
    '`kubectl` prints `Warning:` and the message. The API server cuts each message at 120 characters. The pod is created.',
  entries: [
    {
      says: ["variable <name> keeps the container's value instead of the secret: <containers>"],
      why: 'Profile `flyte1`: the container already has a variable of this name with another content. As in Flyte 1, it keeps its own, and the task does not see the secret.',
      todo: 'Remove the variable from the pod template or the `env` of the image, or rename the `env_var`.',
    },
    {
      says: ['variable <name> is replaced by the secret: <containers>'],
      why: 'Profile `flyte2`: the secret replaces a variable of the container with the same name and another content.',
      todo: 'Nothing, if you want the secret there. If not, rename the `env_var`.',
    },
    {
      says: ['variable <name> is not added to containers that start before its file exists: <containers>'],
      why: 'The variable comes from a file (`function.envFiles`). These init containers start before the one that writes the file. If they have a variable of this name, they keep it.',
      todo: 'Nothing, if they need no secret. If they do, make this webhook run last (`function.registration.reinvocation: Never`). With Vault, remove `agent-init-first: "false"`.',
    },
    {
      says: ['and <n> more warnings'],
      why: 'There are more than 100 warnings. The API server shows 4,096 characters of them in total.',
      todo: 'Nothing.',
    },
    {
      says: ['admitted without its secrets: <denial>'],
      why: 'With `function.onFailure: admit` the webhook creates the pod without its secrets instead of denying it.',
      todo: "Look the denial up on this page. The audit log and the function's log have its full text.",
    },
    ...ofManagers.warnings,
  ],
}

const refusals: Chapter = {
  title: 'The API server refuses a pod that got variables from files',
  intro:
    'With `function.envFiles` this webhook adds references to files (`fileKeyRef`) to the pod. These errors say that the pod is invalid after all webhooks have run. `kubectl` prints `The Pod "<name>" is invalid:` and one message for each variable of each container.',
  entries: [
    {
      says: ['<variable>.valueFrom.fileKeyRef.volumeName: Not found: "vault-secrets"'],
      why: "Vault's injector has not changed the pod, and its volume is missing. The injector is not installed, runs before this webhook, or does not select the namespace or the pod. Or it did not answer, and its `failurePolicy` is `Ignore`.",
      todo: 'Run `flyte-webhook doctor` (checks `call-order` and `env-files`). Install the injector, or make it run after this webhook. Without the injector, remove the cluster from `function.envFiles`.',
    },
    {
      says: ['<variable>.valueFrom: Invalid value: "": must specify one of: <sources>'],
      why: 'The reference is gone. A later webhook drops the unknown field: vault-k8s before 1.7.1, or pod-identity-webhook before 0.6.9. Or the API server drops it: before 1.35, or with the feature gate `EnvFiles` off.',
      todo: 'Run `flyte-webhook doctor` (check `env-files`) to see which. Upgrade it, or remove the cluster from `function.envFiles`.',
    },
  ],
}

const audit: Chapter = {
  title: 'Annotations in the audit log',
  intro:
    'The audit log of the API server has these annotations for each created pod, from the level `Metadata` on. They hold no secret values.',
  entries: [
    {
      says: ['flyte-pod-webhook.flyte.org/config: <digest>'],
      why: 'The digest of the configuration that decided. `flyte-webhook status` shows the same digest.',
    },
    {
      says: ['flyte-pod-webhook.flyte.org/injected: <manager>:<n>,<manager>:<n>'],
      why: 'The number of secrets from each manager, in the order of the managers.',
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
    "The pod exists and stays in `Init:Error` or `Init:CrashLoopBackOff`. `kubectl logs <pod> --container <container>` shows these messages for `aws-pull-secrets` (`function.aws.fetcher: cli`) and for the init container of `Embedded`. The output of the AWS CLI or jq stands before them. The init containers of `AWS` (sidecar), `GCP` and `Azure` only print the output of AWS's sidecar, `gcloud` and `az`.",
  entries: [
    {
      says: ['<file>: it could not be written', 'it could not be written'],
      why: 'The memory volume is full, or another secret needs a folder at the path of this file.',
      todo: 'Raise the memory limit of the init container. A memory volume counts against this limit.',
    },
    ...ofManagers.initContainers,
  ],
}

/** The answers to calls, and the output in pods. */
export const answers = { calls, gateway, warnings, refusals, audit, containers }
