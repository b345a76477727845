import type { Chapter } from './entry.ts'

const again = 'flyte-webhook register rewrites it'
const goOver = 'docs/migrate.md switches from one to the other without downtime'
const renewPublic = 'renew it with its issuer; ACM renews its own while the DNS record exists'
const renewOwn = 'flyte-webhook certs rotate, and register the new caBundle'
const digests = 'pass the digests of the stack with --digests, or register a token whose digest is deployed'
const leaveOut = 'leave the cluster out of function.envFiles'
const others = 'check the other lines, and the log of the function'

const kubernetes: Chapter = {
  title: 'doctor: kubernetes',
  intro:
    'Each line of `doctor` and `status` has a level (`problem`, `warning`, `ok`), the name of its check and a finding. The advice stands after an arrow. This reference has the order of the report.',
  entries: [
    {
      says: ['<version> does not evaluate CEL: matchConditions and the guard are unavailable'],
      why: 'The webhook works. It also gets mirror pods, and a guard cannot detect pods without their secrets.',
      advises: ['upgrade to Kubernetes 1.30 or later'],
    },
  ],
}

const registration: Chapter = {
  title: 'doctor: registration',
  intro: '',
  entries: [
    {
      says: ['nothing is registered: no pod gets a secret'],
      why: 'This cluster does not have a MutatingWebhookConfiguration `flyte-pod-webhook`, or another one that calls this webhook. Check `--context` too.',
      advises: ['flyte-webhook register --url <url> --cluster <name> --token-file <file>'],
    },
    {
      says: [
        "MutatingWebhookConfiguration <name> calls the Service <service>: it is the object of Flyte's own webhook",
      ],
      why: "Flyte's own webhook is registered for the same pods. It is running, or its object is left over.",
      advises: [goOver],
      todo: 'If you have uninstalled Flyte, delete the object.',
    },
    {
      says: [
        "MutatingWebhookConfiguration <name> calls the Service <service> too: Flyte's own webhook still serves some namespaces",
        'MutatingWebhookConfiguration <name> calls this webhook: register has not written its own yet',
      ],
      why: "This is normal in the middle of a migration. The object has the name of Flyte's own, and both webhooks can share it.",
      advises: [goOver],
    },
    {
      says: [
        'MutatingWebhookConfiguration <name> has no webhook <name>',
        'MutatingWebhookConfiguration <name> has another webhook too: <name>',
        'the registered URL does not belong to this webhook: <host>/<stage>/<cluster>/<token>/mutate--v1-pod',
      ],
      why: 'Another tool or person wrote the object.',
      advises: [again],
      todo: 'Find the owner: `kubectl get mutatingwebhookconfiguration flyte-pod-webhook -o yaml --show-managed-fields`.',
    },
    {
      says: [
        'objectSelector differs from the configuration: it decides which pods are sent',
        'rules differs from the configuration: they decide which requests are sent',
        'namespaceSelector differs from the configuration: it decides which namespaces get secrets',
        'sideEffects differs from the configuration: a dry run of a pod can be refused',
        'matchPolicy differs from the configuration: requests in another version can bypass the webhook',
        'admissionReviewVersions differs from the configuration: the API server uses the first version that it supports',
        'reinvocationPolicy differs from the configuration: it decides which webhook sees the containers of another',
        'matchConditions are missing: mirror pods are sent too',
      ],
      why: '`register` with this `--config` would write another value. Someone changed the field, or `webhook.yaml` has changed since.',
      advises: [again],
    },
  ],
}

const failurePolicy: Chapter = {
  title: 'doctor: failure-policy',
  intro: '',
  entries: [
    {
      says: ['function.onFailure is admit, but the guard refuses the pods that it admits'],
      why: 'The two settings contradict each other. The guard refuses pods without a useful reason.',
      advises: ['flyte-webhook unregister, then flyte-webhook register without --guard'],
    },
    {
      says: ['Ignore: pods start without their secrets while the webhook does not answer'],
      why: 'Such a task fails later with its own error, or works without the right value.',
      advises: ['flyte-webhook register --failure-policy Fail, or --guard'],
    },
  ],
}

const timeOut: Chapter = {
  title: 'doctor: time-out',
  intro: '',
  entries: [
    {
      says: [
        'the API server gives up after <n> s, but the function can take <n> s plus a start: its error would show the URL',
      ],
      why: 'When the API server gives up, it prints the URL with the token to the user who creates the pod.',
      advises: ['set function.registration.timeoutSeconds to <n> or more, then flyte-webhook register'],
    },
    {
      says: ['timeoutSeconds is <n>, but <n> in the configuration'],
      why: 'Someone changed it, or `webhook.yaml` has changed since.',
      advises: ['flyte-webhook register'],
    },
  ],
}

const namespaces: Chapter = {
  title: 'doctor: namespaces',
  intro: '',
  entries: [
    {
      says: [
        'namespaceSelector matches kube-system: its pods with the label are sent',
        'namespaceSelector matches kube-system: the cluster cannot start without this webhook',
      ],
      why: 'Pods of `kube-system` must start without this webhook. In the second case the API server sends all of them.',
      advises: ['flyte-webhook register excludes it'],
    },
  ],
}

const callOrder: Chapter = {
  title: 'doctor: call-order',
  intro: '',
  entries: [
    {
      says: [
        '<webhook> is called before this webhook: the init containers that fetch secrets get no AWS role',
        '<webhook> is called before this webhook: its injector does not see the annotations, and no secret arrives',
      ],
      why: 'The API server calls configurations in the order of their names, and that webhook must see the changes of this one. The level is `problem` if its manager is configured.',
      advises: [
        'rename MutatingWebhookConfiguration <name> so that it comes after <name>, or set its reinvocationPolicy to IfNeeded',
      ],
    },
  ],
}

const leftovers: Chapter = {
  title: 'doctor: flyte-webhook, services',
  intro: '',
  entries: [
    {
      says: [
        'Deployment <namespace>/<name> runs it: at its next start it takes over the registration <name> for its own',
      ],
      why: "Flyte's own webhook is running and writes the object of this name when it starts.",
      advises: [
        "kubectl --namespace <namespace> scale deployment <name> --replicas=0, and remove it from your chart's values; or set webhook.disableCreateMutatingWebhookConfig: true in its configuration",
      ],
    },
    {
      says: [
        'Deployment <namespace>/<name> runs all of Flyte in one process, and no ConfigMap switches its webhook off',
      ],
      why: 'Its webhook may be on, and then writes the object at each start. `doctor` reads the ConfigMaps that the Deployment mounts, or else those of its namespace. It does not see a configuration from elsewhere.',
      advises: ['set flyte.propeller.disableWebhook: true in its configuration'],
    },
    {
      says: ['Deployment <namespace>/<name> runs Flyte 2, which registers its webhook at each start'],
      why: 'Flyte 2 always registers its webhook. This warning stays after you restrict that registration.',
      advises: ['make that registration select no namespace: see docs/migrate.md'],
    },
    {
      says: [
        'MutatingWebhookConfiguration <name> receives the same pods, in <namespace>, and calls the Service <namespace>/<name>',
        'MutatingWebhookConfiguration <name> receives the same pods, in <namespaces> and <n> more, and calls the Service <namespace>/<name>',
        'MutatingWebhookConfiguration <name> receives the same pods, in <namespace>, and calls another URL',
      ],
      why: "Another webhook selects the label `inject-flyte-secrets` in your namespaces. Usually it is Flyte's own: its object stays after an uninstall. If both webhooks change a pod, some pods are denied.",
      advises: [
        'divide the namespaces as in docs/migrate.md',
        'kubectl delete mutatingwebhookconfiguration <name>, or divide the namespaces as in docs/migrate.md; Flyte 1 does not rewrite it if its chart sets webhook.enabled: false (flyte-core) or flyte-core-components.propeller.disableWebhook: true (flyte-binary)',
      ],
    },
    {
      says: [
        '<webhook> calls the Service <namespace>/<name>, which does not exist: its pods are not created',
        '<webhook> calls the Service <namespace>/<name>, which does not exist: each of its pods waits until the time-out',
      ],
      why: 'An uninstalled program has left its webhook behind. The first message is for `failurePolicy: Fail`.',
      advises: ['if its program is uninstalled: kubectl delete mutatingwebhookconfiguration <name>'],
    },
  ],
}

const certificate: Chapter = {
  title: 'doctor: certificate',
  intro:
    "`doctor` checks the server's certificate as the API server does: by its names, its dates, and the `caBundle` or the public authorities.",
  entries: [
    {
      says: [
        "the server's certificate has expired: it was valid until <date>",
        "the server's certificate expires soon: valid until <date> (<n> days)",
        'the authority <name> of the caBundle has expired',
        'the authority <name> of the caBundle expires soon: valid until <date> (<n> days)',
      ],
      why: '"Soon" means within 30 days. After that date the API server creates no pod that asks for a secret.',
      advises: [renewPublic, renewOwn],
    },
    {
      says: ["the server's certificate is not valid before <date>"],
      why: 'The certificate starts later, or a clock is slow.',
      advises: ['check the clocks, or wait'],
    },
    {
      says: ["the server's certificate does not cover <name>"],
      why: "The registered host name is not among the certificate's subject alternative names. The API server ignores the subject (CN).",
      advises: ['register a name that it covers, or create another certificate'],
    },
    {
      says: [
        'its certificate, or its authority, has expired',
        'its certificate, or its authority, is not yet valid: check the clocks',
        'its certificate does not cover <host> (only subject alternative names count)',
      ],
      why: "By this machine's clock the certificate itself is valid. Its authority or an intermediate is not, or only the subject (CN) has the name.",
      advises: [
        'flyte-webhook register --ca-bundle <file>',
        'flyte-webhook register --ca-bundle <file> with the authority of the server certificate',
      ],
    },
    {
      says: [
        'no public authority has signed its certificate: name the one that did with --ca-bundle FILE',
        'no authority of the caBundle has signed its certificate, or the server omits an intermediate certificate: name the authority with --ca-bundle FILE',
      ],
      why: 'Nobody registered the private authority, or a rotation was activated before its bundle was registered.',
      advises: [
        'flyte-webhook register --ca-bundle <file>',
        'flyte-webhook register --ca-bundle <file> with the authority of the server certificate',
      ],
    },
  ],
}

const answer: Chapter = {
  title: 'doctor: function',
  intro:
    "`doctor` calls the function from this machine. A missing answer is only a warning, because the API server may reach an address that a laptop cannot. The check `pod` tests the API server's own way. Other text after `no answer to this machine:` comes from Node or OpenSSL.",
  entries: [
    {
      says: ['the version <version> is deployed, but this checkout is <version>'],
      why: 'This checkout is not the deployed version. Other findings may be about another configuration.',
      advises: ['deploy, or check out the deployed version'],
    },
    {
      says: ['the configuration <digest> is deployed, but --config is <digest>'],
      why: '`webhook.yaml` has changed since the deployment, or another stage has another file.',
      advises: ['deploy, or name the deployed file with --config'],
    },
    {
      says: [
        'it does not work: it answers 404: the stage, the cluster <cluster> or its token does not match the deployment',
      ],
      why: 'API Gateway or the function does not know the URL. The function never says which part is wrong.',
      advises: ['deploy it, or register its URL and token'],
      todo: 'Compare the SHA-256 of `flyte-webhook status` with that of `flyte-webhook tokens list`.',
    },
    {
      says: [
        "it does not work: API Gateway answers 403: check the stage's name and the callers that it allows (resource policy, web ACL)",
        "it does not work: API Gateway answers 403, <message>: check the stage's name and the callers that it allows (resource policy, web ACL)",
      ],
      why: 'This machine may not call, the web ACL refuses the call, or the stage does not exist. Look the message up under [API Gateway](#api-gateway-answers-in-place-of-the-function).',
      advises: ['deploy it, or register its URL and token'],
    },
    {
      says: ['it does not work: it answers <status>', 'it does not work: it answers <status>, <message>'],
      why: 'The message comes from [the function](#the-function-refuses-a-call) or from [API Gateway](#api-gateway-answers-in-place-of-the-function).',
      advises: ['deploy it, or register its URL and token'],
    },
    {
      says: [
        'it does not work: another program answers there, not this webhook',
        'it does not work: it refuses a pod that asks for no secrets',
      ],
      why: 'The URL leads to another server.',
      advises: ['deploy it, or register its URL and token'],
    },
    {
      says: [
        'no answer to this machine: no answer within <n> s: <host> cannot be reached from here, or the function does not start',
        'no answer to this machine: <host> cannot be reached from here',
        'no answer to this machine: DNS does not resolve <host> here: check the URL; a private API may resolve only inside its VPC',
      ],
      why: 'The API is private, a firewall drops the call, or the API is gone.',
      advises: ['the API server may still reach it: check that a new pod gets its secret'],
    },
    {
      says: [
        'no answer to this machine: <host> refuses the connection: nothing listens there',
        'no answer to this machine: <host> closes the connection',
        'no answer to this machine: the server does not speak TLS',
      ],
      why: 'Another server uses the address, or a proxy lies in between.',
      advises: ['the API server may still reach it: check that a new pod gets its secret'],
    },
    {
      says: [
        'no answer to this machine: its certificate, or its authority, has expired',
        'no answer to this machine: its certificate, or its authority, is not yet valid: check the clocks',
        'no answer to this machine: its certificate does not cover <host> (only subject alternative names count)',
        'no answer to this machine: no public authority has signed its certificate: name the one that did with --ca-bundle FILE',
        'no answer to this machine: no authority of the caBundle has signed its certificate, or the server omits an intermediate certificate: name the authority with --ca-bundle FILE',
      ],
      why: 'See [doctor: certificate](#doctor-certificate).',
      advises: ['the API server may still reach it: check that a new pod gets its secret'],
    },
  ],
}

const pod: Chapter = {
  title: 'doctor: pod',
  intro:
    '`doctor` creates a pod that asks for a secret in a server-side dry run, and the pod must come back with it. Every real pod takes the same way.',
  entries: [
    {
      says: ['a pod in <namespace> comes back without its secret (server-side dry run)'],
      why: 'The API server did not send the pod (a selector or a condition), the call failed under `Ignore`, or `function.onFailure: admit` let it through.',
      advises: [others],
    },
    {
      says: ['a pod in <namespace> is refused: <why>'],
      why: "The reason is the API server's message without the token. Look it up on this page.",
      advises: [others],
    },
    {
      says: ['a pod in <namespace> is not sent: namespaceSelector does not match it'],
      why: 'The configuration excludes this namespace from secrets.',
      advises: ['name a namespace of your tasks with --namespace'],
    },
  ],
}

const envFiles: Chapter = {
  title: 'doctor: env-files',
  intro: `If \`function.envFiles\` names the cluster, init containers write files and variables come from them (\`valueFrom.fileKeyRef\`). This needs Kubernetes 1.35 or later.

\`doctor\` checks every node, also on Fargate. It creates a pod with such variables in a server-side dry run, in the namespace of the check \`pod\`. If a service account there has the annotation \`eks.amazonaws.com/role-arn\`, the pod uses it. \`doctor\` does not see nodes that start later or associations of EKS Pod Identity. \`register\` prints the same findings first, but registers anyway.`,
  entries: [
    {
      says: [
        '<n> of <n> nodes have a kubelet before 1.35, where a variable from a file is silently empty: <nodes>',
        '<n> of <n> nodes have a kubelet before 1.35, where a variable from a file is silently empty: <nodes> and <n> more',
      ],
      why: 'The API server accepts the pod, but such a kubelet does not know the field. The task starts with an empty variable and without an error. The message names the first nodes with their versions.',
      advises: [`upgrade these nodes, or ${leaveOut}`],
    },
    {
      says: ['the API server (<version>) does not know fileKeyRef: it refuses pods with one'],
      why: 'An API server before 1.35 drops the field. It then refuses the variable without a source (`valueFrom: Invalid value`).',
      advises: [`upgrade to Kubernetes 1.35 or later, or ${leaveOut}`],
    },
    {
      says: [
        'the API server (<version>) has the feature gate EnvFiles off: it refuses pods with a fileKeyRef',
      ],
      why: 'The gate is on by default since 1.35, and someone has turned it off. The API server also refuses a PodTemplate, which never goes through a pod webhook.',
      advises: [`switch the feature gate EnvFiles on, or ${leaveOut}`],
    },
    {
      says: [
        'a pod in <namespace> loses fileKeyRef to a webhook (server-side dry run): probably <webhook>, because <program> before <version> drops it',
        'a pod in <namespace>, under the service account <name> with its IAM role, loses fileKeyRef to a webhook (server-side dry run): probably <webhook>, because <program> before <version> drops it',
      ],
      why: 'The API server keeps the field of a PodTemplate but not of a pod. A webhook in between rewrites the containers and does not know the field. Pods with such a service account are refused, or start without their variables. On EKS, AWS runs and upgrades `pod-identity-webhook`, and the cluster does not show its Deployment.',
      advises: [`upgrade <program> to <version> or later, or ${leaveOut}`],
    },
    {
      says: [
        'a pod in <namespace> loses fileKeyRef to a webhook (server-side dry run); candidates: <webhooks>',
        'a pod in <namespace>, under the service account <name> with its IAM role, loses fileKeyRef to a webhook (server-side dry run); candidates: <webhooks>',
        'a pod in <namespace> loses fileKeyRef to a webhook (server-side dry run)',
        'a pod in <namespace>, under the service account <name> with its IAM role, loses fileKeyRef to a webhook (server-side dry run)',
      ],
      why: 'A webhook drops the field, but not one of those known to do it. The message names the webhooks for such a pod that this user may list.',
      advises: [`upgrade the program of the webhook, or ${leaveOut}`],
    },
    {
      says: [
        'Deployment <namespace>/<name> runs pod-identity-webhook <version>, which drops fileKeyRef from the pods of service accounts with an IAM role',
        'Deployment <namespace>/<name> runs vault-k8s <version>, which drops fileKeyRef from the init containers that it moves after its own (agent-init-first)',
      ],
      why: "This version rewrites containers and does not know the field. `doctor` checks Vault's injector if the manager Vault is configured. The level is `warning` if `webhook.vaultSecretManager.annotations` put the agent second: then only pods with another annotation of their own lose the field.",
      advises: [`upgrade <program> to <version> or later, or ${leaveOut}`],
    },
    {
      says: [
        'the image of Deployment <namespace>/<name> has no version in its tag: before 0.6.9 pod-identity-webhook drops fileKeyRef from the pods of service accounts with an IAM role',
        'the image of Deployment <namespace>/<name> has no version in its tag: before 1.7.1 vault-k8s drops fileKeyRef from the init containers that it moves after its own (agent-init-first)',
        'no Deployment runs vault-k8s, so its version is unknown: before 1.7.1 it drops fileKeyRef from the init containers that it moves after its own (agent-init-first)',
      ],
      why: 'The tag of the image is not a version (`latest`, a digest), or the injector runs elsewhere or under another name.',
      advises: ['check that it is <version> or later'],
    },
  ],
}

const token: Chapter = {
  title: 'doctor: token',
  intro: '',
  entries: [
    {
      says: ['the cluster <cluster> has two tokens, and the older one is registered'],
      why: 'A rotation has begun. The newer token is deployed but not in use yet.',
      advises: ['flyte-webhook register with the newer one, then flyte-webhook tokens retire'],
    },
    {
      says: [
        'the cluster <cluster> has two tokens, and the newer one is registered: the older one still works',
      ],
      why: 'A rotation is not finished.',
      advises: ['flyte-webhook tokens retire --cluster <cluster>, then deploy'],
    },
    {
      says: [
        'the cluster <cluster>: no digest is known here',
        'the cluster <cluster>: no digest here matches the registered token',
        'the cluster <cluster>: no digest is known here, and the function does not accept it',
        'the cluster <cluster>: no digest here matches the registered token, and the function does not accept it',
      ],
      why: '`doctor` does not know the digest of the registered token. If the function does not accept the token either, pods are refused.',
      advises: [digests],
    },
  ],
}

const clocks: Chapter = {
  title: 'doctor: clocks',
  intro: '',
  entries: [
    {
      says: [
        "the clock of the API server is <n> s ahead of this machine's",
        "the clock of the API server is <n> s behind this machine's",
        "the clock of the function is <n> s ahead of this machine's",
        "the clock of the function is <n> s behind this machine's",
      ],
      why: "A slow clock rejects a new certificate as not valid yet. If both messages appear, this machine's clock is wrong.",
      advises: ['synchronize the clocks with NTP: they decide whether a certificate is valid'],
    },
  ],
}

const audit: Chapter = {
  title: 'doctor: audit',
  intro: '',
  entries: [
    {
      says: [
        'the API server does not run as a pod, so its audit policy cannot be seen (EKS: the log type audit of the control plane)',
        'the API server has the audit policy <file>, which cannot be read from here',
      ],
      why: 'The configuration writes values into pods, and an audit log with the level `Request` would hold them.',
      advises: [
        'set its rule for pods to the level Metadata or None: from Request on, it logs the values in patches',
      ],
    },
  ],
}

const unknown: Chapter = {
  title: 'doctor: skipped',
  intro: '`doctor` prints a warning for each check that could not see its object.',
  entries: [
    {
      says: ['; same for <checks>'],
      why: 'These checks were skipped for the same reason as the check before.',
      todo: 'Fix the cause that stands before this text.',
    },
    {
      says: [
        'skipped: this user cannot <verb> <resource>: allow it with an RBAC role',
        'skipped: the function: this user cannot <verb> <resource>: allow it with an RBAC role',
        'skipped: the API server: this user cannot <verb> <resource>: allow it with an RBAC role',
      ],
      why: "The kubeconfig's user lacks a permission. Other checks may see less too.",
      todo: 'Use a user with the permission, or grant `get` and `list` on the resource.',
    },
    {
      says: [
        'skipped: nothing is registered',
        'skipped: <object> does not call this webhook',
        'skipped: the function: nothing is registered',
        'skipped: the function: <object> does not call this webhook',
      ],
      why: 'Without a registration of this webhook there is nothing to compare.',
      todo: 'Follow the advice of the check `registration`.',
    },
    {
      says: [
        'skipped: <host> sends no certificate',
        'skipped: <host> cannot be reached from here',
        'skipped: DNS does not resolve <host> here: check the URL; a private API may resolve only inside its VPC',
        'skipped: <host> refuses the connection: nothing listens there',
        'skipped: <host> closes the connection',
        'skipped: the server does not speak TLS',
        'skipped: the function: it does not answer this machine',
      ],
      why: 'This machine cannot reach the function.',
      todo: 'Follow the advice of the check `function`. A machine in the network of the API server reaches what this one cannot.',
    },
    {
      says: [
        'skipped: the API server: it does not send the time',
        'skipped: the function: it does not send the time',
      ],
      why: 'The answer lacks the header `Date`. A proxy may remove it.',
      todo: 'Compare the clocks by hand if certificates are refused.',
    },
    {
      says: ['skipped: the cluster has no nodes now'],
      why: 'The cluster starts nodes on demand, and none is running now.',
      todo: 'Nothing now. The check looks at the nodes while a task runs.',
    },
    {
      says: [
        'skipped: with function.onFailure: admit and no manager that works without a store, a trial pod proves nothing',
      ],
      why: 'With this configuration a test pod always comes back without a secret.',
      todo: 'Create a pod of your own.',
    },
    {
      says: [
        'skipped: cannot reach the API server <url> (context <name>): <why>',
        'skipped: could not read <object>: <why>',
        'skipped: the function: could not read <object>: <why>',
        'skipped: could not list <kind>: <why>',
        'skipped: could not create <object>: <why>',
        'skipped: could not read the time: <why>',
        'skipped: the API server: could not read the time: <why>',
      ],
      why: "The reason is the API server's answer, or why it was unreachable. Another policy of the cluster may refuse the test pod.",
      todo: 'Fix the reason. `--namespace` selects another namespace for the test pod.',
    },
  ],
}

const command: Chapter = {
  title: 'doctor ends without a report',
  intro:
    'The exit status is 1, or 2 if nothing was tried. An error in `webhook.yaml` comes with its line and key, and `flyte-webhook config explain <key>` explains the key. `--verbose` shows the origin of an error.',
  entries: [
    {
      says: [
        'cannot reach the API server <url> (context <name>): <why>',
        'could not read the version of the API server: <why>',
        'could not read the version of the API server: HTTP <status>',
      ],
      why: 'The API server does not answer, or refuses this user.',
      todo: 'Run `kubectl version` with the same kubeconfig and context. It shows the same problem.',
    },
    {
      says: [
        'no kubeconfig found: name one with --kubeconfig or KUBECONFIG',
        'the kubeconfig has no context <name>: it has <names>',
        '<file>: no such file',
        '<file>: cannot be read (<code>)',
        '<file>: cannot be read (unknown error)',
        '<file>: not a valid kubeconfig',
        'the kubeconfig has no current context: name one with --context',
        'the context <name> of the kubeconfig names a cluster that is not in it',
      ],
      why: 'The command line or `KUBECONFIG` names a file that does not exist or has another content. The message never shows the content of a kubeconfig.',
      todo: 'Correct the option, the variable or the file.',
    },
    {
      says: ['serverless.yml: provider.timeout: must be a number of seconds'],
      why: 'The `serverless.yml` of this checkout has changed.',
      todo: 'Run `git checkout serverless.yml`, or set a time-out in seconds.',
    },
  ],
}

const well: Chapter = {
  title: 'doctor: all is well',
  intro: 'Lines with the level `ok`. You have nothing to do.',
  entries: [
    {
      says: ['MutatingWebhookConfiguration flyte-pod-webhook calls this webhook'],
      why: '`registration`: the object is the one that `register` writes.',
    },
    {
      says: [
        'Fail: without an answer, no pod is created',
        'Ignore, and the guard refuses pods without their secrets',
      ],
      why: '`failure-policy`: no pod starts without its secrets.',
    },
    {
      says: [
        'registered: it refuses pods that ask for secrets and did not get them',
        'not registered: flyte-webhook register --guard adds it',
      ],
      why: '`guard`: the guard is optional, and makes the failure policy `Ignore` safe.',
    },
    {
      says: ['the API server waits <n> s, the function takes at most <n> s'],
      why: '`time-out`: the function answers before the API server gives up.',
    },
    {
      says: ['the pods of kube-system are not sent'],
      why: '`namespaces`: the cluster can start without this webhook.',
    },
    {
      says: [
        'no other webhook changes pods before this one',
        'called before this webhook, but independent of it: <names>',
      ],
      why: '`call-order`: this webhook runs before the webhooks that need its changes.',
    },
    {
      says: [
        'it does not register itself, and no other webhook receives the same pods',
        'all other webhooks for pods have their Service',
      ],
      why: "`flyte-webhook` and `services`: neither Flyte's own webhook nor a leftover one interferes.",
    },
    {
      says: [
        'signed by a public authority, until <date> (<n> days)',
        'signed by an authority of the caBundle, until <date> (<n> days)',
      ],
      why: '`certificate`: the API server accepts it.',
    },
    {
      says: ['answers with version <version> and the configuration <digest>, like this checkout'],
      why: '`function`: this checkout is deployed.',
    },
    {
      says: [
        'a pod in <namespace> comes back with its secret (server-side dry run)',
        'a pod in <namespace> that asks for an unknown secret is denied (server-side dry run)',
      ],
      why: '`pod`: the API server reaches the function. The second message appears if every manager needs a store.',
    },
    {
      says: [
        'function.envFiles does not name this cluster',
        'every kubelet is 1.35 or later, and a pod in <namespace>, under the service account <name> with its IAM role, keeps fileKeyRef (server-side dry run)',
        'every kubelet is 1.35 or later, and a pod in <namespace> keeps fileKeyRef (server-side dry run); no service account there has an IAM role',
      ],
      why: '`env-files`: variables from files are off, or they work. Without a service account with a role, `doctor` did not test `pod-identity-webhook`: select another namespace with `--namespace`.',
    },
    {
      says: [
        'the cluster <cluster> has one token, and it is registered',
        "the token of the cluster <cluster> is accepted; no digest is known here (--digests adds the stack's)",
        "the token of the cluster <cluster> is accepted; no digest here matches the registered token (--digests adds the stack's)",
        'every token is accepted (function.callers.anonymous: <kind>)',
      ],
      why: '`token`: the function accepts the registered token.',
    },
    {
      says: ['the API server, the function and this machine agree within a minute'],
      why: '`clocks`: certificates are judged by the right time.',
    },
    {
      says: [
        'the API server has no audit policy',
        "the configuration names no source of literal values; the function's environment is not visible from here",
      ],
      why: '`audit`: the audit log cannot show values of the configuration.',
    },
  ],
}

/** The messages of `doctor`, in the order of its report. */
export const doctor = {
  kubernetes,
  registration,
  failurePolicy,
  timeOut,
  namespaces,
  callOrder,
  leftovers,
  certificate,
  answer,
  pod,
  envFiles,
  token,
  clocks,
  audit,
  unknown,
  command,
  well,
}
