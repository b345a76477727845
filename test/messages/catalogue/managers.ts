import type { Chapter } from './entry.ts'
import { ofManagers } from './of-managers.ts'

const notMine: Chapter = {
  title: 'A pod is denied: no manager can serve a request',
  intro: `Each reason has the name of its manager in front: \`Global: it needs a group and a key\`. Only if all that were asked pass a request
on is the pod denied, so the reason to look at is that of the manager that should have had the secret. \`flyte-webhook preview <pod>\`
shows the same without a cluster, and the page of each manager, linked from [\`managers.md\`](managers.md#what-each-makes), what it needs.`,
  entries: [
    {
      says: ['function.managers.<name>.groups does not name the group'],
      why: 'The operator lets this manager be asked for some groups only.',
      todo: 'Nothing, if another manager should have it. Otherwise add the group to `groups`, and deploy.',
    },
    {
      says: [
        'the path of its file would be empty',
        'the path of its file would have a segment "." or ".."',
        'the path of its file would hold a NUL',
        'the path of its file would be longer than a file system allows',
      ],
      why: 'Group and key are also the path of the file, `/etc/flyte/secrets/<group>/<key>`, which must not leave its folder.',
      todo: 'Correct group and key, or ask for a variable.',
    },
    ...ofManagers.denials,
  ],
}

const refusing: Chapter = {
  title: 'A pod is denied: a store refuses',
  intro:
    'The function reads the secret itself (`Global`, or `Embedded` of the type `AWS`), and trying again would not help: the operator has to change something.',
  entries: [
    {
      says: ['the function may not read "<secret>": grant its role secretsmanager:GetSecretValue on it'],
      why: 'The stack grants its role what the configuration names. Something else denies it: a resource policy of the secret, a service control policy, another region, or a name that is newer than the deployment.',
      todo: 'Deploy again after a change of `webhook.yaml`; then look at the policies of secret and account.',
    },
    {
      says: [`Secrets Manager may not decrypt "<secret>": grant the function's role kms:Decrypt on its key`],
      why: 'The secret is encrypted with a key of yours.',
      todo: 'Deploy with the parameter `kmsKeyArns`; the policy of the key has to allow the role too.',
    },
    {
      says: ['"<secret>" cannot be asked for: the function has no AWS credentials'],
      why: 'Lambda gives a function the credentials of its role, so this is `npm start` or `flyte-webhook review` on a machine without any.',
      todo: 'Give it credentials as to any program of AWS: `AWS_PROFILE`, or `aws sso login`.',
    },
    {
      says: ['"<secret>" cannot be asked for: set AWS_REGION or function.aws.region'],
      why: 'The same, without a region.',
      todo: 'What it says.',
    },
    {
      says: [
        'Secrets Manager refused to give "<secret>": <error>',
        'Secrets Manager refused to give "<secret>": an error',
      ],
      why: 'It refused for a reason that has the name `<error>` in its API reference.',
      todo: 'Look the name up there (`GetSecretValue`); the log has it too.',
    },
    {
      says: [
        'the pod needs more than 100 calls to the store of its secrets: ask for fewer secrets in one pod',
      ],
      why: 'The function asks Secrets Manager at most 100 times for one pod. A secret of `Embedded` takes one call where its project has it, up to three where only its organization does; what the function remembers takes none.',
      todo: 'Ask for at most 33 secrets of `Embedded` in one pod, or put several values into one secret.',
    },
    {
      says: ['the function may not read the file: give it the permission'],
      why: "A file of a global secret, `<secrets-prefix>/<group>/<key>`, is there, and the function's user may not read it.",
      todo: 'Let files of a layer be readable by all (0644, folders 0755); with EFS look at the access point.',
    },
    {
      says: [
        'the file is not UTF-8, so it cannot be the value of a variable',
        'the secret is not UTF-8, so it cannot be the value of a variable',
        'the secret "<secret>" is not UTF-8, so it cannot be the value of a variable',
      ],
      why: 'The secret is binary.',
      todo: 'Ask for it as a file of another manager than `Global`, or store it as base64 and decode it in the task.',
    },
    {
      says: [
        'the secret "<secret>" is no JSON object, and function.globalSecrets.secretsManager gives it no key',
      ],
      why: 'A secret of one value has no key of its own by which a pod could ask for it.',
      todo: 'Give its entry a `key`, and deploy; or store a JSON object (`examples/global-secrets.yaml`).',
    },
  ],
}

const failing: Chapter = {
  title: 'A store does not answer',
  intro: `\`kubectl\` prints \`failed calling webhook "flyte-pod-webhook.flyte.org": failed to call webhook:\` and a sentence as that of a denial.
The function has tried again until its deadline, and a value that it knew from before would have been served. \`failurePolicy\` decides
about the pod; Flyte creates it again. The metric \`StaleServed\` shows such an outage before pods feel it.`,
  entries: [
    {
      says: ['Secrets Manager did not give "<secret>": try again'],
      http: [503],
      why: 'It cannot be reached, throttles, or fails. The log has the name of the error.',
      todo: 'Wait. If it stays, look at AWS Health; against throttling raise `function.globalSecrets.ttlMs`. A function that you have put into a VPC needs an endpoint of Secrets Manager.',
    },
    {
      says: ['the store did not give "<secret>" within the 100 calls of one pod: try again'],
      http: [503],
      why: 'The store failed, so that the function asked again, until the pod had made the 100 calls that it may.',
      todo: 'As above. A pod that asks for fewer secrets has more calls for each of them.',
    },
    {
      says: ['the secret "<secret>" was not there in time: try again'],
      http: [503],
      why: 'It has not answered when the time of the call was over.',
      todo: 'As above.',
    },
    {
      says: ['the file could not be read: try again'],
      http: [503],
      why: 'The file system of a global secret fails, as EFS may; the log has the code (`EIO`).',
      todo: 'Look at the file system and at its mount targets.',
    },
    {
      says: ['the secrets were not there in time: try again'],
      http: [503],
      why: 'The time of the call was over while something was still waited for.',
      todo: 'As above; if it is the first call of a function, provisioned concurrency spares its start.',
    },
    ...ofManagers.outages,
  ],
}

/** What managers and their stores say. What one manager says alone is explained in its module. */
export const managers = { notMine, refusing, failing }
