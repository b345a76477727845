import { createEmbeddedAws } from './embedded-aws.ts'
import { createEmbeddedK8s } from './embedded-k8s.ts'
import type { StoreDefinition } from './store-definition.ts'

/** @public docs/troubleshooting.md is made from them. */
export { reasons } from './embedded-reasons.ts'

/** Flyte's own keys, in `webhook.embeddedSecretManagerConfig`. */
const keys = {
  type: {
    kind: 'oneOf',
    of: ['K8s', 'AWS'],
    default: 'K8s',
    ignoresCase: true,
    instead: {
      gcp: 'Embedded does not read from GCP here: use AWS or K8s, or the manager GCP in webhook.secretManagerTypes',
      azure:
        'Embedded does not read from Azure here: use AWS or K8s, or the manager Azure in webhook.secretManagerTypes',
    },
    help: 'Where the secrets are stored.',
  },
  awsConfig: {
    kind: 'section',
    keys: { region: { kind: 'region', help: "Region of Secrets Manager. Default: the function's region." } },
    help: 'For the type AWS.',
  },
  gcpConfig: {
    kind: 'section',
    keys: { project: { kind: 'unusedText', help: 'Not used.' } },
    help: 'For the type GCP, which is not supported.',
  },
  azureConfig: {
    kind: 'section',
    keys: { vaultURI: { kind: 'unusedText', help: 'Not used.' } },
    help: 'For the type Azure, which is not supported.',
  },
  k8sConfig: {
    kind: 'section',
    keys: {
      namespace: { kind: 'dnsLabel', default: 'flyte', help: "The namespace of Flyte 2's Secrets." },
      kubeClientConfig: { kind: 'unused' },
    },
    help: 'For the type K8s.',
  },
  fileMountInitContainer: {
    kind: 'section',
    keys: {
      image: {
        kind: 'image',
        default: 'public.ecr.aws/docker/library/busybox:latest',
        help: 'Image of the init container that writes secrets into files.',
      },
      resources: {
        kind: 'resources',
        default: { requests: { cpu: '100m', memory: '100Mi' }, limits: { cpu: '100m', memory: '100Mi' } },
      },
      containerName: {
        kind: 'dnsLabel',
        default: 'init-embedded-secret',
        help: 'Name of the init container that writes secrets into files.',
      },
    },
    help: 'The init container that writes secrets into files.',
  },
  imagePullSecrets: {
    kind: 'section',
    keys: {
      enabled: {
        kind: 'falseOnly',
        refusal: 'must be false: unlike Flyte 2, this webhook does not provide image pull secrets',
        help: 'This webhook does not provide image pull secrets.',
      },
    },
    help: 'This webhook does not provide image pull secrets.',
  },
} as const

/** Keys that only this project has, in `function.embedded`. */
const ownKeys = {
  allow: {
    kind: 'list',
    keys: {
      organizations: { kind: 'patterns', isNeeded: true, help: 'Organizations, by name or pattern.' },
      projects: { kind: 'patterns', isNeeded: true, help: 'Projects, by name or pattern.' },
      domains: { kind: 'patterns', isNeeded: true, help: 'Domains, by name or pattern.' },
      namespaces: { kind: 'patterns', help: 'Namespaces, by name or pattern. Default: all.' },
      clusters: { kind: 'patterns', help: 'Clusters, by name or pattern. Default: all.' },
      users: { kind: 'patterns', help: 'Users that create the pod, by name or pattern. Default: all.' },
    },
    help: 'Rules for the pods that can claim an organization, project and domain. Default: any pod.',
  },
  image: { kind: 'optionalImage', help: 'Image of the init container that writes secrets into files.' },
} as const

/** How long a missing secret counts as missing without asking again (specification §4.7). */
const absenceMs = 10_000

/** The default of Flyte 2: the secret of a pod's project, else of its domain, else of its organization (specification §4.7). */
export const embedded: StoreDefinition<typeof keys, typeof ownKeys> = {
  name: 'Embedded',
  summary: "Flyte 2's own secrets: from the pod's project, or else its domain, or else its organization",
  makes: 'both',
  reader: ({ type }) => (type === 'AWS' ? 'function' : 'kubelet'),
  asks: { key: { means: 'name of the secret', example: 'password' } },
  section: 'embeddedSecretManagerConfig',
  sectionHelp: "Flyte 2's manager Embedded.",
  isOfFlyte2: true,
  isNoticedUnasked: true,
  keys,
  own: { section: 'embedded', help: "More settings of Flyte 2's manager Embedded.", keys: ownKeys },
  notices: ({ type, k8sConfig, allow }) => {
    const pods = type === 'AWS' ? 'every pod' : `every pod of the namespace ${k8sConfig.namespace}`
    const message = `gives ${pods} the secrets of any organization, domain and project that its labels name: restrict them in function.embedded.allow`
    return allow === undefined ? [{ key: 'type', message }] : []
  },
  // With rules, only pods that they name get a secret.
  trial: ({ type, k8sConfig, allow }) =>
    type === 'K8s' && allow === undefined
      ? {
          mount: 'FILE',
          labels: { organization: 'flyte-webhook', domain: 'doctor', project: 'trial' },
          namespace: k8sConfig.namespace,
        }
      : undefined,
  reads: ({ type, awsConfig }) => (type === 'AWS' ? [{ name: 'u__org__*', ...awsConfig }] : []),
  create: (
    { type, k8sConfig, awsConfig, fileMountInitContainer, allow, image },
    { envVarPrefix },
    access,
  ) => {
    const fileMount = { ...fileMountInitContainer, image: image ?? fileMountInitContainer.image }
    const common = { envVarPrefix, fileMount, ...(allow === undefined ? {} : { allow }) }
    return type === 'K8s'
      ? createEmbeddedK8s({ ...common, namespace: k8sConfig.namespace })
      : createEmbeddedAws({ ...common, cache: access().open({ absenceMs, ...awsConfig }) })
  },
}
