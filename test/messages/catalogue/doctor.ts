import type { Chapter } from './entry.ts'

const again = 'flyte-webhook register writes it anew'
const goOver = 'docs/migrate.md goes over from one to the other, without a pod without its secrets'
const renewPublic = 'renew it where it was made: ACM does so by itself while its DNS record stands'
const renewOwn = 'flyte-webhook certs rotate, and register the new caBundle'
const digests = 'give the digests of the stack by --digests, or register a token whose digest is deployed'
const leaveOut = 'leave the cluster out of function.envFiles'
const others = 'see what the other lines say, and the log of the function'

const kubernetes: Chapter = {
  title: 'doctor: kubernetes',
  intro: `A line of \`doctor\`, and of \`status\`, has a level (\`problem\`, \`warning\`, \`ok\`), the name of its check, what it has seen, and behind an arrow
what to do. Here they stand by check, in the order of the report.`,
  entries: [
    {
      says: ['<version> evaluates no CEL: there are no matchConditions, and there can be no guard'],
      why: 'The webhook works. Mirror pods are sent to it too, and nothing watches over pods that come without their secrets.',
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
      why: 'There is no MutatingWebhookConfiguration `flyte-pod-webhook` in this cluster. Look also whether `--context` is the right one.',
      advises: ['flyte-webhook register --url <url> --cluster <name> --token-file <file>'],
    },
    {
      says: [
        "MutatingWebhookConfiguration flyte-pod-webhook calls the Service <service>: it is the object of Flyte's own webhook",
      ],
      why: "Flyte's own webhook has the same name. It runs, or has left its object behind.",
      advises: [goOver],
    },
    {
      says: [
        "MutatingWebhookConfiguration flyte-pod-webhook calls the Service <service> too: Flyte's own webhook still has some of the namespaces",
      ],
      why: 'Both webhooks stand side by side in one object, as in the middle of a migration: each has its namespaces.',
      advises: [goOver],
    },
    {
      says: [
        'MutatingWebhookConfiguration flyte-pod-webhook has no webhook <name>',
        'MutatingWebhookConfiguration flyte-pod-webhook has another webhook too: <name>',
        'the registered URL is not one of this webhook: <host>/<stage>/<cluster>/<token>/mutate--v1-pod',
      ],
      why: 'Somebody, or another tool, has written the object.',
      advises: [again],
      todo: 'Look who owns it: `kubectl get mutatingwebhookconfiguration flyte-pod-webhook -o yaml --show-managed-fields`.',
    },
    {
      says: [
        'objectSelector is not what the configuration says: it decides which pods are sent',
        'rules is not what the configuration says: they decide which requests are sent',
        'namespaceSelector is not what the configuration says: it decides which namespaces get secrets',
        'sideEffects is not what the configuration says: a dry run of a pod may be refused',
        'matchPolicy is not what the configuration says: requests in another version may pass by',
        'admissionReviewVersions is not what the configuration says: the API server speaks the first that it knows',
        'reinvocationPolicy is not what the configuration says: it decides who sees whose containers',
        'there are no matchConditions: mirror pods are sent too',
      ],
      why: 'A field is not what `register` writes with this `--config`: somebody changed it, or `webhook.yaml` has changed since.',
      advises: [again],
    },
  ],
}

const failurePolicy: Chapter = {
  title: 'doctor: failure-policy',
  intro: '',
  entries: [
    {
      says: ['function.onFailure is admit, and the guard refuses the pods that it lets through'],
      why: 'The two contradict each other, and pods are refused by a policy that cannot say why.',
      advises: ['flyte-webhook unregister, then flyte-webhook register without --guard'],
    },
    {
      says: ['Ignore: pods start without their secrets while the webhook does not answer'],
      why: 'Such a task fails later, in its own words, or works with something else than the secret.',
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
        'the API server gives up after <n> s, and the function may take <n> s and a start: its error would show the URL',
      ],
      why: 'An API server that gives up prints the URL, with the token, to whoever creates the pod.',
      advises: ['set function.registration.timeoutSeconds to <n> or more, then flyte-webhook register'],
    },
    {
      says: ['timeoutSeconds is <n>, and <n> in the configuration'],
      why: 'Somebody changed it, or `webhook.yaml` has changed since.',
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
        'namespaceSelector reaches kube-system: its pods with the label are sent',
        'namespaceSelector reaches kube-system: the cluster cannot start without this webhook',
      ],
      why: 'Pods of `kube-system` should start whatever becomes of this webhook. In the second case all of them are sent.',
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
      why: 'The API server calls configurations in the order of their names, and this one has to see what is added here. It is a problem where its manager is configured.',
      advises: [
        'rename MutatingWebhookConfiguration <name> so that it comes after <name>, or give it reinvocationPolicy: IfNeeded',
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
        'Deployment <namespace>/<name> runs it: at its next start it takes the registration <name> for its own',
      ],
      why: "Flyte's own webhook runs, and writes the object of this name when it starts.",
      advises: [
        "kubectl --namespace <namespace> scale deployment <name> --replicas=0, and take it out of your chart's values; or set webhook.disableCreateMutatingWebhookConfig: true in its configuration",
      ],
    },
    {
      says: [
        'Deployment <namespace>/<name> is all of Flyte in one process, and none of its ConfigMaps switches its webhook off',
      ],
      why: 'It may run its webhook, whose start writes the object. `doctor` reads the ConfigMaps that the Deployment mounts, or those of its namespace where it mounts none; it does not see a configuration that is kept elsewhere.',
      advises: ['set webhook.disableCreateMutatingWebhookConfig: true in its configuration'],
    },
    {
      says: ['Deployment <namespace>/<name> runs Flyte 2, which registers its webhook at each start'],
      why: 'Flyte 2 has no key that keeps it from registering its webhook, so this warning stays after the registration was restricted.',
      advises: ['let that registration choose no namespace: docs/migrate.md says how'],
    },
    {
      says: [
        'MutatingWebhookConfiguration <name> takes the same pods, in <namespace>, and calls the Service <namespace>/<name>',
        'MutatingWebhookConfiguration <name> takes the same pods, in <namespaces> and <n> more, and calls the Service <namespace>/<name>',
        'MutatingWebhookConfiguration <name> takes the same pods, in <namespace>, and calls another URL',
      ],
      why: "Another webhook selects the label `inject-flyte-secrets` in namespaces that this webhook serves: usually Flyte's own, whose object stays when it is uninstalled or stops registering itself. Of the pods that both change, some are denied.",
      advises: [
        'kubectl delete mutatingwebhookconfiguration <name>, or divide the namespaces as docs/migrate.md does; Flyte 1 does not write it again where its chart sets configmap.core.webhook.disableCreateMutatingWebhookConfig (flyte-core) or configuration.inline.webhook.disableCreateMutatingWebhookConfig (flyte-binary)',
      ],
    },
    {
      says: [
        '<webhook> calls the Service <namespace>/<name>, which does not exist: its pods are not created',
        '<webhook> calls the Service <namespace>/<name>, which does not exist: each of its pods waits for it in vain',
      ],
      why: 'Something was uninstalled and has left its webhook behind. The first is one of `failurePolicy: Fail`.',
      advises: ['if what it belonged to is uninstalled: kubectl delete mutatingwebhookconfiguration <name>'],
    },
  ],
}

const certificate: Chapter = {
  title: 'doctor: certificate',
  intro:
    'What the server shows, judged as the API server judges it: by names, dates, and the `caBundle` or the public authorities.',
  entries: [
    {
      says: [
        "the server's certificate has expired: it was valid until <date>",
        "the server's certificate ends soon: until <date> (<n> days)",
        'the authority <name> of the caBundle has expired',
        'the authority <name> of the caBundle ends soon: until <date> (<n> days)',
      ],
      why: 'Soon is within 30 days. After the end no pod that asks for a secret is created.',
      advises: [renewPublic, renewOwn],
    },
    {
      says: ["the server's certificate is not valid before <date>"],
      why: 'It was made for later, or a clock is behind.',
      advises: ['look at the clocks, or wait'],
    },
    {
      says: ["the server's certificate is not for <name>"],
      why: 'The registered name is none of its subject alternative names; the subject itself counts for nothing.',
      advises: ['register the name that it is for, or make another'],
    },
    {
      says: [
        'its certificate, or the authority of it, has expired',
        'its certificate, or the authority of it, is not yet valid: look at the clocks',
        'its certificate is not for <host> (subject alternative names are what counts)',
      ],
      why: "The certificate itself is right by this machine's clock: it is its authority, or one between the two, or only its subject has the name.",
      advises: [
        'flyte-webhook register --ca-bundle <file>',
        'flyte-webhook register --ca-bundle <file> with the authority of what the server shows',
      ],
    },
    {
      says: [
        'no public authority has signed its certificate: name the one that did with --ca-bundle FILE',
        'no authority of the caBundle has signed its certificate, or the server does not send one between the two: name the authority with --ca-bundle FILE',
      ],
      why: 'A private authority was not registered, or a rotation was activated before its bundle was.',
      advises: [
        'flyte-webhook register --ca-bundle <file>',
        'flyte-webhook register --ca-bundle <file> with the authority of what the server shows',
      ],
    },
  ],
}

const answer: Chapter = {
  title: 'doctor: function',
  intro:
    'The function, asked from this machine. That nothing answers here is a warning: the API server may reach what a laptop does not, and the check `pod` shows whether it does. What else stands behind `no answer here:` are the words of Node or OpenSSL.',
  entries: [
    {
      says: ['the version <version> is deployed, and <version> is here'],
      why: 'This checkout is not what was deployed, so that other findings may be about another configuration.',
      advises: ['deploy, or check out what is deployed'],
    },
    {
      says: ['the configuration <digest> is deployed, and --config is <digest>'],
      why: '`webhook.yaml` has changed since it was deployed, or another stage has another one.',
      advises: ['deploy, or name the file that is deployed by --config'],
    },
    {
      says: [
        'it is not in order: it answers 404: the stage, the cluster <cluster> or its token is not the one that is deployed',
      ],
      why: 'API Gateway or the function does not know the URL. The function does not tell which part is wrong.',
      advises: ['deploy it, or register the URL and token that it has'],
      todo: 'Compare the SHA-256 that `flyte-webhook status` shows with `flyte-webhook tokens list`.',
    },
    {
      says: [
        "it is not in order: API Gateway answers 403: look at the stage's name, and at who may call (resource policy, web ACL)",
        "it is not in order: API Gateway answers 403, <message>: look at the stage's name, and at who may call (resource policy, web ACL)",
      ],
      why: "This machine may not call, the web ACL refuses it, or there is no such stage. The message is one of API Gateway's, above.",
      advises: ['deploy it, or register the URL and token that it has'],
    },
    {
      says: ['it is not in order: it answers <status>', 'it is not in order: it answers <status>, <message>'],
      why: "The message is one of the function's or of API Gateway's, above.",
      advises: ['deploy it, or register the URL and token that it has'],
    },
    {
      says: [
        'it is not in order: something else answers there, not this webhook',
        'it is not in order: it does not admit a pod that asks for nothing',
      ],
      why: 'The URL leads to another server.',
      advises: ['deploy it, or register the URL and token that it has'],
    },
    {
      says: [
        'no answer here: no answer within <n> s: <host> cannot be reached from here, or the function does not start',
        'no answer here: <host> cannot be reached from here',
        'no answer here: DNS knows no <host> here: look at the URL; the name of a private API may be known inside its VPC only',
      ],
      why: 'A private API, a firewall, or a URL of an API that is gone.',
      advises: ['the API server may reach it all the same: see whether a new pod gets its secret'],
    },
    {
      says: [
        'no answer here: <host> refuses the connection: nothing listens there',
        'no answer here: <host> cuts the connection',
        'no answer here: what listens there does not speak TLS',
      ],
      why: 'Something else is at the address, or a proxy stands between.',
      advises: ['the API server may reach it all the same: see whether a new pod gets its secret'],
    },
    {
      says: [
        'no answer here: its certificate, or the authority of it, has expired',
        'no answer here: its certificate, or the authority of it, is not yet valid: look at the clocks',
        'no answer here: its certificate is not for <host> (subject alternative names are what counts)',
        'no answer here: no public authority has signed its certificate: name the one that did with --ca-bundle FILE',
        'no answer here: no authority of the caBundle has signed its certificate, or the server does not send one between the two: name the authority with --ca-bundle FILE',
      ],
      why: 'As under [doctor: certificate](#doctor-certificate), which says what to do.',
      advises: ['the API server may reach it all the same: see whether a new pod gets its secret'],
    },
  ],
}

const pod: Chapter = {
  title: 'doctor: pod',
  intro:
    'A pod that asks for a secret is created in a server-side dry run, and has to come back with it. This is the way of every pod.',
  entries: [
    {
      says: ['one in <namespace> comes back without its secret (server-side dry run)'],
      why: 'It was not sent (a selector or a condition), the call failed under `Ignore`, or `function.onFailure: admit` let it through.',
      advises: [others],
    },
    {
      says: ['one in <namespace> is refused: <why>'],
      why: 'What the API server says, without the token: it is one of the messages above.',
      advises: [others],
    },
    {
      says: ['one in <namespace> is not sent: namespaceSelector does not reach it'],
      why: 'The namespace gets no secrets, as the configuration says.',
      advises: ['name a namespace of your tasks by --namespace'],
    },
  ],
}

const envFiles: Chapter = {
  title: 'doctor: env-files',
  intro: `Where \`function.envFiles\` names the cluster, variables come from files that init containers write (\`valueFrom.fileKeyRef\`), which needs
Kubernetes 1.35 or later. \`doctor\` looks at every node, also those of Fargate, and has a pod with such variables created in a server-side dry run: in the
namespace of the check \`pod\`, under a service account with the annotation \`eks.amazonaws.com/role-arn\` where there is one. Nodes that are started later are
not seen, nor are associations of EKS Pod Identity. \`register\` says the same before it registers, and registers all the same.`,
  entries: [
    {
      says: [
        '<n> of <n> nodes have a kubelet before 1.35, and a variable from a file is silently empty there: <nodes>',
        '<n> of <n> nodes have a kubelet before 1.35, and a variable from a file is silently empty there: <nodes> and <n> more',
      ],
      why: 'The API server takes the pod, and such a kubelet does not know the field: the task starts with an empty variable, and nothing says so. The first nodes are named, each with its version.',
      advises: [`upgrade these nodes, or ${leaveOut}`],
    },
    {
      says: ['the API server (<version>) does not know fileKeyRef: it refuses pods with one'],
      why: 'It is older than 1.35. It drops the field, and then refuses the variable, which has no source (`valueFrom: Invalid value`).',
      advises: [`upgrade to Kubernetes 1.35 or later, or ${leaveOut}`],
    },
    {
      says: [
        'the API server (<version>) has the feature gate EnvFiles off: it refuses pods with a fileKeyRef',
      ],
      why: 'The gate is on by default since 1.35, and somebody has switched it off. A PodTemplate, which no webhook for pods sees, is refused too.',
      advises: [`switch the feature gate EnvFiles on, or ${leaveOut}`],
    },
    {
      says: [
        'a pod in <namespace> loses fileKeyRef to a webhook (server-side dry run): probably <webhook>, for <program> before <version> drops it',
        'a pod in <namespace>, under the service account <name> with its IAM role, loses fileKeyRef to a webhook (server-side dry run): probably <webhook>, for <program> before <version> drops it',
      ],
      why: 'The API server takes the field from a PodTemplate, and not from a pod: a webhook in between writes the containers anew, and does not know the field. The pods of such a service account are refused, or start without their variables. On EKS, AWS runs and upgrades `pod-identity-webhook`, whose Deployment is not seen in the cluster.',
      advises: [`upgrade <program> to <version> or later, or ${leaveOut}`],
    },
    {
      says: [
        'a pod in <namespace> loses fileKeyRef to a webhook (server-side dry run): of <webhooks>',
        'a pod in <namespace>, under the service account <name> with its IAM role, loses fileKeyRef to a webhook (server-side dry run): of <webhooks>',
        'a pod in <namespace> loses fileKeyRef to a webhook (server-side dry run)',
        'a pod in <namespace>, under the service account <name> with its IAM role, loses fileKeyRef to a webhook (server-side dry run)',
      ],
      why: 'As above, by a webhook that is not known to do so. Those are named that are called for such a pod, as far as they may be listed.',
      advises: [`upgrade what the webhook belongs to, or ${leaveOut}`],
    },
    {
      says: [
        'Deployment <namespace>/<name> runs pod-identity-webhook <version>, which drops fileKeyRef from the pods of service accounts with an IAM role',
        'Deployment <namespace>/<name> runs vault-k8s <version>, which drops fileKeyRef from the init containers that it moves behind its own (agent-init-first)',
      ],
      why: "It writes containers anew, and its version does not know the field. Vault's injector is looked at where the manager Vault is configured; it is a warning where `webhook.vaultSecretManager.annotations` say that the agent is not the first, so that only pods whose own annotation says otherwise are concerned.",
      advises: [`upgrade <program> to <version> or later, or ${leaveOut}`],
    },
    {
      says: [
        'the image of Deployment <namespace>/<name> does not say its version: before 0.6.9 pod-identity-webhook drops fileKeyRef from the pods of service accounts with an IAM role',
        'the image of Deployment <namespace>/<name> does not say its version: before 1.7.1 vault-k8s drops fileKeyRef from the init containers that it moves behind its own (agent-init-first)',
        'no Deployment runs vault-k8s, so its version cannot be seen: before 1.7.1 it drops fileKeyRef from the init containers that it moves behind its own (agent-init-first)',
      ],
      why: 'The tag of an image is no version (`latest`, a digest), or the injector runs elsewhere, or under another name.',
      advises: ['look whether it is <version> or later'],
    },
  ],
}

const token: Chapter = {
  title: 'doctor: token',
  intro: '',
  entries: [
    {
      says: ['the cluster <cluster> has two, and the older one is registered'],
      why: 'A rotation was begun: the newer one is deployed and not yet used.',
      advises: ['flyte-webhook register with the newer one, then flyte-webhook tokens retire'],
    },
    {
      says: ['the cluster <cluster> has two, and the newer one is registered: the older one still opens'],
      why: 'A rotation was not ended.',
      advises: ['flyte-webhook tokens retire --cluster <cluster>, then deploy'],
    },
    {
      says: [
        'the cluster <cluster>: no digest is here for it',
        'the cluster <cluster>: no digest here is of the registered one',
        'the cluster <cluster>: no digest is here for it, and the function does not accept it',
        'the cluster <cluster>: no digest here is of the registered one, and the function does not accept it',
      ],
      why: 'The registered token is in no slot that is known here. If the function does not accept it either, pods are refused.',
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
      why: "A certificate that was just made is not yet valid by a clock that is behind. If both are named, it is this machine's clock.",
      advises: ['set them by NTP: certificates are judged by them'],
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
      why: 'The configuration writes values into pods, and an audit log of the level `Request` would hold them.',
      advises: [
        'let its rule for pods be of the level Metadata, or none: from Request on it logs the values in patches',
      ],
    },
  ],
}

const unknown: Chapter = {
  title: 'doctor: not looked at',
  intro: 'A warning, never silence: a check could not see what it looks at.',
  entries: [
    {
      says: ['; nor <checks>'],
      why: 'Behind the reason of a check that could not look: these could not either, for the same reason.',
      todo: 'What stands at the reason.',
    },
    {
      says: [
        'not looked at: this user may not <verb> <resource>: an RBAC role has to allow it',
        'not looked at: the function: this user may not <verb> <resource>: an RBAC role has to allow it',
        'not looked at: the API server: this user may not <verb> <resource>: an RBAC role has to allow it',
      ],
      why: "The kubeconfig's user lacks a permission. It may also be that other checks see less.",
      todo: 'Use a user who may, or grant `get` and `list` on the resource.',
    },
    {
      says: [
        'not looked at: nothing is registered',
        'not looked at: <object> does not call this webhook',
        'not looked at: the function: nothing is registered',
        'not looked at: the function: <object> does not call this webhook',
      ],
      why: 'Without a registration of this webhook there is nothing to compare.',
      todo: 'What the check `registration` says.',
    },
    {
      says: [
        'not looked at: <host> shows no certificate',
        'not looked at: <host> cannot be reached from here',
        'not looked at: DNS knows no <host> here: look at the URL; the name of a private API may be known inside its VPC only',
        'not looked at: <host> refuses the connection: nothing listens there',
        'not looked at: <host> cuts the connection',
        'not looked at: what listens there does not speak TLS',
        'not looked at: the function: it does not answer here',
      ],
      why: 'The function cannot be asked from this machine.',
      todo: 'What the check `function` says; a machine in the network of the API server can ask.',
    },
    {
      says: [
        'not looked at: the API server: it does not say its time',
        'not looked at: the function: it does not say its time',
      ],
      why: 'An answer has no header `Date`, which a proxy may take away.',
      todo: 'Compare the clocks by hand if certificates are refused.',
    },
    {
      says: ['not looked at: the cluster has no node now'],
      why: 'It starts nodes when there are pods, and none runs now.',
      todo: 'Nothing now: the nodes are looked at while a task runs.',
    },
    {
      says: [
        'not looked at: with function.onFailure: admit and no manager that serves without a store, a pod tells nothing',
      ],
      why: 'A pod would come back without a secret whether all is well or not.',
      todo: 'Create a pod of yours.',
    },
    {
      says: [
        'not looked at: cannot reach the API server <url> (context <name>): <why>',
        'not looked at: could not read <object>: <why>',
        'not looked at: the function: could not read <object>: <why>',
        'not looked at: could not list <kind>: <why>',
        'not looked at: could not create <object>: <why>',
        'not looked at: could not ask for the time: <why>',
        'not looked at: the API server: could not ask for the time: <why>',
      ],
      why: 'What the API server said, or why it was not reached. A pod of the trial may be refused by another policy of the cluster.',
      todo: 'What it says; `--namespace` names another namespace for the trial.',
    },
  ],
}

const command: Chapter = {
  title: 'doctor ends without a report',
  intro:
    'Exit status 1, or 2 where nothing was tried. A wrong `webhook.yaml` is told by line and key; `flyte-webhook config explain <key>` says what a key means. `--verbose` shows where an error comes from.',
  entries: [
    {
      says: [
        'cannot reach the API server <url> (context <name>): <why>',
        'could not ask for the version: <why>',
        'could not ask for the version: HTTP <status>',
      ],
      why: 'The API server does not answer, or not this user.',
      todo: '`kubectl version` with the same kubeconfig and context says the same.',
    },
    {
      says: [
        'there is no kubeconfig: name one with --kubeconfig or KUBECONFIG',
        'the kubeconfig has no context <name>: it has <names>',
        '<file>: there is no such file',
        '<file>: it cannot be read (<code>)',
        '<file>: cannot be read (<code>)',
        '<file>: cannot be read (unknown error)',
        '<file>: not a valid kubeconfig',
        'the kubeconfig has no current context: name one with --context',
        'the context <name> of the kubeconfig names a cluster that is not in it',
      ],
      why: 'A file that the command line or `KUBECONFIG` names is not there, or is something else. What stands in a kubeconfig is not shown.',
      todo: 'What it says.',
    },
    {
      says: ['serverless.yml: provider.timeout: must be a number of seconds'],
      why: 'The `serverless.yml` of this checkout was changed.',
      todo: '`git checkout serverless.yml`, or give it a time-out in seconds.',
    },
  ],
}

const well: Chapter = {
  title: 'doctor: all is well',
  intro: 'Lines that begin with `ok`. Nothing has to be done.',
  entries: [
    {
      says: ['MutatingWebhookConfiguration flyte-pod-webhook calls this webhook'],
      why: '`registration`: the object is as `register` writes it.',
    },
    {
      says: [
        'Fail: without an answer a pod is not created',
        'Ignore, and the guard refuses the pods that were not served',
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
      why: '`time-out`: the function answers first.',
    },
    { says: ['the pods of kube-system are not sent'], why: '`namespaces`' },
    {
      says: [
        'no other webhook changes pods before this one',
        'called before this webhook, and in need of nothing that it adds: <names>',
      ],
      why: '`call-order`',
    },
    {
      says: [
        'none registers itself, and none is registered for the same pods',
        'all other webhooks for pods have their Service',
      ],
      why: "`flyte-webhook`: Flyte's own; `services`",
    },
    {
      says: [
        'signed by a public authority, until <date> (<n> days)',
        'signed by an authority of the caBundle, until <date> (<n> days)',
      ],
      why: '`certificate`',
    },
    {
      says: ['answers with version <version> and the configuration <digest>, as they are here'],
      why: '`function`: this checkout is what is deployed.',
    },
    {
      says: [
        'one in <namespace> comes back with its secret (server-side dry run)',
        'one in <namespace> that asks for a secret that nobody has is denied (server-side dry run)',
      ],
      why: '`pod`: the API server reaches the function. The second is looked for where no manager serves without a store.',
    },
    {
      says: [
        'function.envFiles does not name this cluster',
        'every kubelet is 1.35 or later, and a pod in <namespace>, under the service account <name> with its IAM role, keeps fileKeyRef (server-side dry run)',
        'every kubelet is 1.35 or later, and a pod in <namespace> keeps fileKeyRef (server-side dry run); no service account there has an IAM role',
      ],
      why: '`env-files`: no variable comes from a file, or all can. Where no service account has a role, `pod-identity-webhook` was not tried: `--namespace` names another namespace.',
    },
    {
      says: [
        'the cluster <cluster> has one, and it is registered',
        "that of the cluster <cluster> is accepted; no digest is here for it (--digests gives the stack's)",
        "that of the cluster <cluster> is accepted; no digest here is of the registered one (--digests gives the stack's)",
        'any is accepted (function.callers.anonymous: <kind>)',
      ],
      why: '`token`',
    },
    { says: ['the API server, the function and this machine agree to a minute'], why: '`clocks`' },
    {
      says: [
        'the API server has no audit policy',
        "the configuration names no source of literal values; what the function's environment holds is not seen from here",
      ],
      why: '`audit`',
    },
  ],
}

/** What `doctor` prints, in the order of its report. */
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
