import type { Chapter } from './entry.ts'
import { ofManagers } from './of-managers.ts'

const notMine: Chapter = {
  title: 'A pod is denied: no manager can serve a request',
  intro:
    'The name of a manager stands before each reason: `Global: it needs a group and a key`. A pod is denied only if every manager skips the request. Look at the reason of the manager that you expected to have the secret. `flyte-webhook preview <pod>` prints the same reasons without a cluster. The page of each manager says what it needs ([`managers.md`](managers.md#what-each-makes)).',
  entries: [
    {
      says: ['function.managers.<name>.groups does not name the group'],
      why: 'The operator restricts this manager to some groups.',
      todo: 'If another manager should have the secret, ignore this reason. If not, add the group to `groups` and deploy.',
    },
    {
      says: [
        'the path of its file would be empty',
        'the path of its file would have a segment "." or ".."',
        'the path of its file would contain a NUL',
        'the path of its file would be longer than a file system allows',
      ],
      why: 'The group and the key form the path of the file, `/etc/flyte/secrets/<group>/<key>`. The path must stay inside this folder.',
      todo: 'Correct the group and the key, or ask for a variable.',
    },
    ...ofManagers.denials,
  ],
}

const refusing: Chapter = {
  title: 'A pod is denied: a store refuses',
  intro:
    'The function reads these secrets itself (`Global`, and `Embedded` with the type `AWS`). A retry does not help: the operator has to change something.',
  entries: [
    {
      says: ['the function cannot read "<secret>": grant its role secretsmanager:GetSecretValue on it'],
      why: 'The stack grants the role every secret that the configuration names. Something else denies the call: a resource policy, a service control policy, another region, or a name that is newer than the deployment.',
      todo: 'If `webhook.yaml` has changed, deploy again. Then check the policies of the secret and of the account.',
    },
    {
      says: [`Secrets Manager cannot decrypt "<secret>": grant the function's role kms:Decrypt on its key`],
      why: 'A key of your own encrypts the secret.',
      todo: 'Deploy with the parameter `kmsKeyArns`. The policy of the key must allow the role too.',
    },
    {
      says: ['cannot read "<secret>": the function has no AWS credentials'],
      why: 'On Lambda a function always has the credentials of its role. You see this with `npm start` or `flyte-webhook review` on a machine without credentials.',
      todo: 'Provide credentials as for any AWS program: set `AWS_PROFILE`, or run `aws sso login`.',
    },
    {
      says: ['cannot read "<secret>": set AWS_REGION or function.aws.region'],
      why: '`npm start` or `flyte-webhook review` runs on a machine without a default region.',
      todo: 'Set one of the two.',
    },
    {
      says: [
        'Secrets Manager refused to return "<secret>": <error>',
        'Secrets Manager refused to return "<secret>": an error',
      ],
      why: 'Secrets Manager refused the call with the error `<error>`.',
      todo: 'Look the error up in the API reference of `GetSecretValue`. The log has it too.',
    },
    {
      says: [
        'the pod needs more than 100 calls to the store of its secrets: ask for fewer secrets in one pod',
      ],
      why: 'The function calls Secrets Manager at most 100 times for one pod. A secret of `Embedded` takes one call if its project has it, and up to three if only its organization has it. Cached values take no call.',
      todo: 'Ask for at most 33 secrets of `Embedded` in one pod, or put several values into one secret.',
    },
    {
      says: ['the function cannot read the file: grant it permission'],
      why: "The file of a global secret, `<secrets-prefix>/<group>/<key>`, exists, but the function's user cannot read it.",
      todo: 'Make the files of a layer readable by everyone (files 0644, folders 0755). With EFS, check the access point.',
    },
    {
      says: [
        'the file is not UTF-8, so it cannot be the value of a variable',
        'the secret is not UTF-8, so it cannot be the value of a variable',
        'the secret "<secret>" is not UTF-8, so it cannot be the value of a variable',
      ],
      why: 'The secret is binary.',
      todo: 'Ask for a file from another manager than `Global`. Or store the value as base64 and decode it in the task.',
    },
    {
      says: [
        'the secret "<secret>" is not a JSON object: give it a key in function.globalSecrets.secretsManager',
      ],
      why: 'The secret is a single value. Without a `key` a pod cannot ask for it.',
      todo: 'Give its entry a `key` and deploy, or store a JSON object (`examples/global-secrets.yaml`).',
    },
  ],
}

const failing: Chapter = {
  title: 'A store does not answer',
  intro:
    '`kubectl` prints `failed calling webhook "flyte-pod-webhook.flyte.org": failed to call webhook:`, the annotations of the secret, and one of these messages. The function has retried until its deadline, and it has no cached value. `failurePolicy` decides what happens to the pod. Flyte creates the pod again. The metric `StaleServed` shows such an outage before it affects pods.',
  entries: [
    {
      says: ['Secrets Manager did not return "<secret>": try again'],
      http: [503],
      why: 'Secrets Manager is unreachable, throttles the call, or fails. The log has the name of the error.',
      todo: 'Wait and retry. If the error stays, check AWS Health. If Secrets Manager throttles, raise `function.globalSecrets.ttlMs`. A function in your VPC needs a Secrets Manager endpoint.',
    },
    {
      says: ['the store did not return "<secret>" within the 100 calls of one pod: try again'],
      http: [503],
      why: 'The store failed, and the function retried until the pod had used its 100 calls.',
      todo: 'Wait and retry. If the error stays, check AWS Health. A pod that asks for fewer secrets leaves more retries for each.',
    },
    {
      says: ['the secret "<secret>" did not arrive in time: try again'],
      http: [503],
      why: 'Secrets Manager did not answer before the deadline of the call.',
      todo: 'Wait and retry. If the error stays, check AWS Health. A function in your VPC needs a Secrets Manager endpoint.',
    },
    {
      says: ['the file could not be read: try again'],
      http: [503],
      why: 'The file system of a global secret fails, for example EFS. The log has the error code (`EIO`).',
      todo: 'Check the file system and its mount targets.',
    },
    {
      says: ['the secrets did not arrive in time: try again'],
      http: [503],
      why: 'The deadline of the call passed before all stores had answered.',
      todo: 'Wait and retry. If only the first call of a new function fails, use provisioned concurrency.',
    },
    ...ofManagers.outages,
  ],
}

/** The messages that managers and their stores share. A manager's own messages are explained in its module. */
export const managers = { notMine, refusing, failing }
