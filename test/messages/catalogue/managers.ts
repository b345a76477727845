import type { Chapter } from './entry.ts'

const notMine: Chapter = {
  title: 'A pod is denied: no manager can serve a request',
  intro: `Each reason has the name of its manager in front: \`Global: it needs a group and a key\`. Only if all that were asked pass a request
on is the pod denied, so the reason to look at is that of the manager that should have had the secret. \`flyte-webhook preview <pod>\`
shows the same without a cluster, and the page of each manager, linked from [\`managers.md\`](managers.md#what-each-makes), what it needs.`,
  entries: [
    {
      says: [
        'it needs a group',
        'it needs a key',
        'it needs a group and a key',
        'it needs a group and a group_version',
      ],
      why: 'The request leaves something empty that this manager looks secrets up by.',
      todo: 'Name it: `Secret(group=…, key=…)` in flytekit. In the profile `flyte2` the group may be empty for `K8s` and `Embedded`.',
    },
    {
      says: ['it can make variables only, and the request wants a file'],
      why: '`Global` writes values into variables, so that a request for a `FILE` goes on to the next manager.',
      todo: 'Ask for `ENV_VAR` or `ANY`, or name a manager that makes files in `webhook.secretManagerTypes`.',
    },
    {
      says: ['it can make files only, and the request wants a variable'],
      why: 'The manager has secrets fetched into files while the pod starts. The SDK of Flyte 2 asks for `ENV_VAR` unless it is told otherwise.',
      todo: 'Ask for `FILE` or `ANY`, or name a manager that makes variables in `webhook.secretManagerTypes`.',
    },
    {
      says: ['it holds no secret of this group and key'],
      why: "Neither the function's environment (`FLYTE_SECRET_<GROUP>_<KEY>`), nor its files, nor a secret of `function.globalSecrets.secretsManager` has it.",
      todo: 'Nothing, if another manager should have it. Else add it there and deploy: names of variables are in upper case.',
    },
    {
      says: ['function.managers.<name>.groups does not name the group'],
      why: 'The operator lets this manager be asked for some groups only.',
      todo: 'Nothing, if another manager should have it. Otherwise add the group to `groups`, and deploy.',
    },
    {
      says: ['no rule of function.globalSecrets.allow names the group'],
      why: 'With `allow`, `Global` gives out only the groups that its rules name.',
      todo: 'Nothing, if another manager should have it. Else add a rule with the group, and deploy.',
    },
    {
      says: [
        'function.globalSecrets.allow does not give the group to this pod',
        'function.embedded.allow does not let this pod claim its organization, project and domain',
      ],
      why: 'A rule refuses it: cluster, namespace, user, organization, project or domain is not one of those that may have it. It is said in these words whether or not there is such a secret, and also with `function.onFailure: admit`.',
      todo: 'Ask the operator for access; the operator adds the namespace or project to the rule, and deploys. `flyte-webhook preview --user … --cluster …` tries a rule.',
    },
    {
      says: [
        'no Secret can have the group as its name (it is no DNS-1123 subdomain)',
        'no Secret can have this key (1 to 253 of A-Z a-z 0-9 - _ ., not "." nor "..…")',
        'no Secret can have this key (1 to 253 of A-Z a-z 0-9 - _ . with its scope)',
      ],
      why: 'Kubernetes has rules for the names of Secrets and their keys (a name: lower-case letters, digits, `-` and `.`), so there can be no such Secret.',
      todo: 'Correct group or key. A request for another manager needs that one in `webhook.secretManagerTypes`.',
    },
    {
      says: ['its Secrets are in the namespace <namespace>, which a pod of another cannot refer to'],
      why: '`Embedded` of the type `K8s` refers to Secrets, and a pod can refer to those of its own namespace alone.',
      todo: 'Run the tasks in `k8sConfig.namespace`, or let `Embedded` read from AWS (`examples/embedded-aws.yaml`).',
    },
    {
      says: ['the pod lacks the label <labels>'],
      why: '`Embedded` finds secrets by the labels `organization`, `domain` and `project`, which Flyte 2 writes.',
      todo: 'Look whether the pod was made by Flyte 2; Flyte 1 has no organization.',
    },
    {
      says: ['there is no secret of this key for the project, the domain or the organization'],
      why: 'Secrets Manager has none of the three names under which `Embedded` looks.',
      todo: "Make the secret (`flyte create secret`) in the scope of the pod's project, or correct the key. Upper and lower case matter.",
    },
    {
      says: [
        'no secret of AWS has such an ARN or name (the key may go on with # and a key of a JSON secret)',
        'there is no key of a JSON secret behind the #',
        'no version of a secret has this group_version as its stage or id',
      ],
      why: 'With `function.aws.fetcher: cli`: group and key make no id of a secret in Secrets Manager, or group_version no stage or version.',
      todo: 'Correct the request: the group is a name, an ARN, or the start of an ARN that the key completes (`examples/aws-cli.yaml`).',
    },
    {
      says: [
        'the group is not the beginning of an ARN, such as arn:aws:secretsmanager:eu-west-1:111122223333:secret (function.aws.fetcher: cli takes names too)',
        'the group is a whole ARN already, and the sidecar puts the key behind it (function.aws.fetcher: cli takes a whole ARN)',
      ],
      why: "With `function.aws.fetcher: sidecar` the id of the secret is the group, a colon and the key. AWS's sidecar exits 0 when the id is wrong, and the task would start without its file.",
      todo: 'Use the beginning of the ARN as the group and the name of the secret as the key, or set `function.aws.fetcher: cli`.',
    },
    {
      says: ['it needs a Linux container, and the pod is for Windows (spec.os.name)'],
      why: 'AWS, GCP, Azure, Vault and files of `Embedded` need an init container, and its image is for Linux.',
      todo: 'Use `K8s`, or ask for a variable of `Global` or `Embedded`.',
    },
    {
      says: [
        "the annotation vault.hashicorp.com/agent-inject switches Vault's injector off",
        "the annotation vault.hashicorp.com/agent-pre-populate lets containers start before Vault's agent has written a file",
        'the annotation vault.hashicorp.com/agent-configmap replaces the secrets that other annotations name',
        "the annotation vault.hashicorp.com/agent-inject-status keeps Vault's injector from the pod, which has no container vault-agent-init",
      ],
      why: 'An annotation of the pod wins over the one that this webhook writes, and with it the secret would not arrive.',
      todo: 'Remove the annotation from the pod template.',
    },
    {
      says: [
        'the pod has another value for its annotation <annotation>',
        'the annotation <annotation> mounts another volume over its file',
      ],
      why: 'The pod has an annotation of Vault that sends this secret elsewhere, or hides its file.',
      todo: 'Remove the annotation, or let it name a path outside `/etc/flyte/secrets`.',
    },
    {
      says: ["Vault's injector has changed the pod already, before it was asked for this secret"],
      why: 'The injector changes a pod once, and it was called before this webhook.',
      todo: "Let this webhook come first: `flyte-webhook doctor` (check `call-order`) names the injector's registration.",
    },
    {
      says: [
        'no secret has a version with a slash',
        'no secret has a version with a slash or a NUL',
        'no secret has a URI with a NUL',
        'gcloud would take a group or group_version that begins with "-" for an option',
      ],
      why: 'No secret of GCP or Azure can be called so.',
      todo: 'Correct group and group_version.',
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
      says: ['the store does not answer whether it has the secret now: try again'],
      http: [503],
      why: 'None of the three scopes has the secret as far as is known, but the store said so of one of them a while ago, and does not answer now.',
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
  ],
}

/** What managers and their stores say. */
export const managers = { notMine, refusing, failing }
