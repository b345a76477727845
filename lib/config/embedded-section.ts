import { z } from 'zod'
import { embeddedDefaults, fileMountResources } from './defaults.ts'
import { image, key, keyWithoutEffect, region, section, word } from './key.ts'
import { resources } from './resources.ts'

const dnsLabel = z.string().regex(/^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, {
  error:
    'must be a DNS label: at most 63 lower-case letters, digits and -, with a letter or digit at both ends',
})

const fileMountInitContainer = section({
  image: key(image, {
    description: 'Image of the init container that writes secrets into files.',
    default: embeddedDefaults.image,
  }),
  resources: resources(fileMountResources),
  containerName: key(dnsLabel, {
    description: 'Name of the init container that writes secrets into files.',
    default: embeddedDefaults.containerName,
  }),
})

const notBuilt: Readonly<Record<string, string>> = {
  gcp: 'Embedded does not read from GCP here: use AWS or K8s, or the manager GCP in webhook.secretManagerTypes',
  azure:
    'Embedded does not read from Azure here: use AWS or K8s, or the manager Azure in webhook.secretManagerTypes',
}

/** Flyte 2's `webhook.embeddedSecretManagerConfig`. */
export const embeddedSecretManager = section({
  type: key(
    word(['K8s', 'AWS'], (written) => notBuilt[written]),
    {
      description: 'Where the secrets are kept.',
      default: embeddedDefaults.type,
    },
  ),
  awsConfig: key(
    section({
      region: key(region, { description: 'Region of Secrets Manager. Default: that of the function.' }),
    }),
    { description: 'For the type AWS.' },
  ),
  gcpConfig: key(section({ project: key(z.string(), { description: 'Not used.' }) }), {
    description: 'For the type GCP, which does not exist here.',
  }),
  azureConfig: key(section({ vaultURI: key(z.string(), { description: 'Not used.' }) }), {
    description: 'For the type Azure, which does not exist here.',
  }),
  k8sConfig: key(
    section({
      namespace: key(dnsLabel, {
        description: 'Where Flyte 2 keeps its Secrets.',
        default: embeddedDefaults.namespace,
      }),
      kubeClientConfig: keyWithoutEffect(),
    }),
    { description: 'For the type K8s.' },
  ),
  fileMountInitContainer: key(fileMountInitContainer, {
    description: 'The init container that writes secrets into files.',
  }),
  imagePullSecrets: key(
    section({
      enabled: key(
        z.literal(false, {
          error: 'must be false: image pull secrets are not provided here, unlike in Flyte 2',
        }),
        { description: 'Image pull secrets are not provided here.', default: false },
      ),
    }),
    { description: 'Image pull secrets are not provided here.' },
  ),
})
