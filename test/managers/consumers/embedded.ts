import { md5Hex } from '../../../lib/digest.ts'
import { type Ask, texts } from '../../consumers/secrets.ts'
import { flyteLabels } from '../../consumers/submitted-pods.ts'
import {
  both,
  type Consumer,
  flyteSecrets,
  flytekitSecrets,
  type ManagerConsumer,
  nonEmpty,
  onlyFlyte2,
  type Texts,
} from '../../consumers/ways.ts'
import { namespace } from '../../e2e/registration.ts'

/** Returns the name of an embedded secret in a scope (specification §4.7). */
const scoped = (key: string, domain: string, project: string): string =>
  `u__org__${flyteLabels.organization}__domain__${domain}__project__${project}__key__${key}`

/** Puts the secrets into the project's, the domain's and the organization's scope in turn; wider scopes hold a wrong value. */
const scopedTexts = (keys: readonly string[]): Texts =>
  Object.fromEntries(
    keys.flatMap((key, index) => {
      const { domain, project } = flyteLabels
      const names = [scoped(key, domain, project), scoped(key, domain, ''), scoped(key, '', '')]
      return names.slice(index % 3).map((name, at) => [name, at === 0 ? (texts[key] ?? '') : 'wrong scope'])
    }),
  )

/** Flyte 2's manager in both types; it ignores the group. */
const waysOf = (type: 'K8s' | 'AWS'): readonly Consumer[] => {
  const embeddedSecretManagerConfig = type === 'K8s' ? { type, k8sConfig: { namespace } } : { type }
  const common = {
    webhook: { secretManagerTypes: ['Embedded'], embeddedSecretManagerConfig },
    function: { callers: { publicEndpoint: 'accepted' } },
  }
  // Secrets Manager does not store empty secrets.
  const keys = type === 'K8s' ? Object.keys(texts) : nonEmpty
  const ask = (key: string): Ask => ({ key })
  return [
    {
      name: `Embedded ${type}`,
      profiles: both,
      ...common,
      mounts: ['ANY', 'FILE', 'ENV_VAR'],
      secrets: flytekitSecrets({
        from: (mount) => (mount === 'FILE' ? 'file' : 'variable'),
        keys,
        fields: (key) => ({ group: '', key }),
        ask,
        envVarReplaces: true,
      }),
    },
    {
      name: `Embedded ${type}, Flyte 2 SDK`,
      profiles: onlyFlyte2,
      ...common,
      mounts: ['FILE', 'ENV_VAR'],
      secrets: flyteSecrets('ignored', (key) => key, keys),
    },
  ]
}

const entriesOf = (keys: readonly string[]) => Object.entries(scopedTexts(keys))

export const consumer: ManagerConsumer = {
  ways: [...waysOf('K8s'), ...waysOf('AWS')],
  missing: [
    {
      name: 'Embedded K8s',
      mount: 'FILE',
      fields: { group: '', key: 'none' },
      said: { pod: 'no Secret of its project, domain or organization has it' },
    },
    {
      name: 'Embedded K8s',
      mount: 'ENV_VAR',
      fields: { group: '', key: 'none' },
      said: { task: 'Unable to find secret for key none in group None' },
    },
  ],
  kubernetesSecrets: Object.fromEntries(
    entriesOf(Object.keys(texts)).map(([name, text]) => [md5Hex(name), { [name]: text }]),
  ),
  secretsManager: Object.fromEntries(entriesOf(nonEmpty).map(([name, text]) => [name, [text]])),
}
