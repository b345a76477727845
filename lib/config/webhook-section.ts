import { z } from 'zod'
import { managerNames } from '../manager-names.ts'
import { sidecarImages, sidecarResources, vaultDefaults } from './defaults.ts'
import { embeddedSecretManager } from './embedded-section.ts'
import { image, key, keyWithoutEffect, list, section, text, word } from './key.ts'
import { labelSelector } from './label-selector.ts'
import { isAnnotationKey } from '../kubernetes-names.ts'
import { resources } from './resources.ts'
import { defeatingAnnotations } from './vault-annotations.ts'

const manager = word(managerNames)

/** Printable ASCII without `=` is Kubernetes' rule for the names of variables from 1.32 on. */
const envVarPrefix = z.string().regex(/^[ -<>-`{-~]+$/, {
  error: ({ input }) => {
    if (input === '') return 'must not be empty: flytekit would look under its own default, _FSEC_'
    return /[a-z]/.test(String(input))
      ? 'must have no lower-case letters: flytekit would look for other variables'
      : 'must be printable ASCII without =: Kubernetes allows nothing else in the name of a variable'
  },
})

const sidecar = (name: keyof typeof sidecarImages, description: string) =>
  key(
    section({
      sidecarImage: key(image, {
        description: 'The image of the init container that pulls a secret.',
        default: sidecarImages[name],
      }),
      resources: resources(sidecarResources),
    }),
    { description },
  )

/** Kubernetes' `ValidateAnnotationsSize`. */
const maxAnnotationBytes = 256 * 1024

/** An editor need not ask for quotes: a number or boolean is read as the text that is written. */
const annotationValue = z.string().meta({ type: ['string', 'number', 'boolean'] })

const annotations = z
  .record(
    z.string().refine(isAnnotationKey, {
      error:
        'cannot be the key of an annotation: [domain/]name, the name at most 63 letters, digits, - _ and .',
    }),
    annotationValue,
  )
  .refine((all) => Buffer.byteLength(Object.entries(all).flat().join('')) <= maxAnnotationBytes, {
    error: 'must hold at most 256 KiB, as much as the annotations of a pod',
  })
  .superRefine((all, context) => {
    for (const [annotation, message] of defeatingAnnotations(all))
      context.addIssue({ code: 'custom', path: [annotation], message })
  })

const vault = section({
  role: key(text, { description: 'The Vault role to log in with.', default: vaultDefaults.role }),
  kvVersion: key(
    z
      .literal(['1', '2', 1, 2], { error: 'must be "1" or "2"' })
      .transform((version) => (String(version) === '1' ? '1' : '2')),
    {
      description: 'Version of the KV engine for requests whose group_version names none.',
      default: vaultDefaults.kvVersion,
      deprecated: true,
    },
  ),
  annotations: key(annotations, {
    description: "Annotations for every pod with Vault secrets; they win over this webhook's own.",
    default: {},
  }),
})

/** Flyte's keys that mean nothing here. */
export const keysWithoutEffect = {
  'metrics-prefix': keyWithoutEffect(),
  certDir: keyWithoutEffect(),
  localCert: keyWithoutEffect(),
  listenPort: keyWithoutEffect(),
  serviceName: keyWithoutEffect(),
  servicePort: keyWithoutEffect(),
  secretName: keyWithoutEffect(),
  webhookTimeout: keyWithoutEffect(),
  imageBuilderConfig: keyWithoutEffect(),
  kubeClientConfig: keyWithoutEffect(),
  cacheInvalidationPort: keyWithoutEffect(),
  disableCreateMutatingWebhookConfig: keyWithoutEffect(),
}

/** Flyte's section `webhook`. */
export const webhookSection = section({
  secretManagerTypes: key(list(manager), {
    description:
      'Managers that are asked in this order for what Global does not have. Default: K8s (flyte1), Embedded (flyte2).',
  }),
  secretManagerType: key(manager, {
    description: 'Older spelling of secretManagerTypes, for one manager; ignored beside it.',
    deprecated: true,
  }),
  secretEnvVarPrefix: key(envVarPrefix, {
    description: 'What the variables of secrets begin with. Default: _FSEC_ (flyte1), _UNION_ (flyte2).',
  }),
  awsSecretManager: sidecar('awsSecretManager', 'The manager AWS: Secrets Manager, pulled by a container.'),
  gcpSecretManager: sidecar('gcpSecretManager', 'The manager GCP: Secret Manager, pulled by a container.'),
  azureSecretManager: sidecar('azureSecretManager', 'The manager Azure: Key Vault, pulled by a container.'),
  vaultSecretManager: key(vault, {
    description: "The manager Vault: annotations for Vault's agent injector.",
  }),
  embeddedSecretManagerConfig: key(embeddedSecretManager, { description: "Flyte 2's manager Embedded." }),
  namespaceSelector: key(labelSelector, {
    description: "Flyte 2's spelling of function.registration.namespaceSelector.",
  }),
  ...keysWithoutEffect,
})
