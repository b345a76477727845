import { z } from 'zod'
import type { AnyDescription } from '../manager-kit/definition.ts'
import { key, keyWithoutEffect, list, section, word } from './key.ts'
import { labelSelector } from './label-selector.ts'
import { shapeOfKeys } from './manager-keys.ts'

/** Printable ASCII without `=` is Kubernetes' rule for the names of variables from 1.32 on. */
const envVarPrefix = z.string().regex(/^[ -<>-`{-~]+$/, {
  error: ({ input }) => {
    if (input === '') return 'must not be empty: flytekit would look under its own default, _FSEC_'
    return /[a-z]/.test(String(input))
      ? 'must have no lower-case letters: flytekit would look for other variables'
      : 'must be printable ASCII without =: Kubernetes allows nothing else in a variable name'
  },
})

/** Flyte's keys that have no effect here. */
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

/** Flyte's section `webhook`, with the sections of these managers. */
export const webhookSection = (managers: readonly AnyDescription[]) => {
  const manager = word(managers.map(({ name }) => name))
  return section({
    secretManagerTypes: key(list(manager), {
      description:
        'Managers to ask, in this order, for secrets that Global does not have. Default: K8s (flyte1), Embedded (flyte2).',
    }),
    secretManagerType: key(manager, {
      description: 'Older form of secretManagerTypes, for one manager. Ignored if both are set.',
      deprecated: true,
    }),
    secretEnvVarPrefix: key(envVarPrefix, {
      description:
        'The prefix of variables that contain secrets. Default: _FSEC_ (flyte1), _UNION_ (flyte2).',
    }),
    ...managerSections(managers),
    namespaceSelector: key(labelSelector, {
      description: "Flyte 2's name for function.registration.namespaceSelector.",
    }),
    ...keysWithoutEffect,
  })
}

/** Only the managers know the content of their sections. */
const managerSections = (managers: readonly AnyDescription[]): object =>
  Object.fromEntries(
    managers.flatMap(({ section: name, sectionHelp = '', keys }) =>
      name === undefined ? [] : [[name, key(section(shapeOfKeys(keys)), { description: sectionHelp })]],
    ),
  )
