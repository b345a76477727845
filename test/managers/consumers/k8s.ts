import { md5Hex } from '../../../lib/digest.ts'
import { texts } from '../../consumers/secrets.ts'
import {
  both,
  fileUnlessVariable,
  flyteSecrets,
  flytekitSecrets,
  groupAndKey,
  type ManagerConsumer,
  onlyFlyte2,
} from '../../consumers/ways.ts'

export const consumer: ManagerConsumer = {
  ways: [
    {
      name: 'K8s',
      profiles: both,
      webhook: { secretManagerTypes: ['K8s'] },
      mounts: ['ANY', 'FILE', 'ENV_VAR'],
      secrets: flytekitSecrets({
        from: fileUnlessVariable,
        fields: (key, index) => ({ group: 'db', key, ...(index % 2 === 0 ? { group_version: 'v1' } : {}) }),
        ask: groupAndKey('db'),
      }),
    },
    {
      name: 'K8s, Flyte 2 SDK',
      profiles: onlyFlyte2,
      webhook: { secretManagerTypes: ['K8s'] },
      mounts: ['FILE', 'ENV_VAR'],
      secrets: flyteSecrets('db', (key) => `db/${key.toLowerCase()}`),
    },
    {
      name: 'K8s, Flyte 2 SDK without a group',
      profiles: onlyFlyte2,
      webhook: { secretManagerTypes: ['K8s'] },
      mounts: ['FILE', 'ENV_VAR'],
      secrets: flyteSecrets(undefined, (key) => `${md5Hex(key)}/${key.toLowerCase()}`),
    },
  ],
  missing: [
    {
      name: 'K8s',
      mount: 'FILE',
      fields: { group: 'db', key: 'none' },
      said: { task: 'Unable to find secret for key none in group db' },
    },
    {
      name: 'K8s',
      mount: 'ENV_VAR',
      fields: { group: 'none', key: 'none' },
      said: { task: 'Unable to find secret for key none in group none' },
    },
  ],
  kubernetesSecrets: {
    db: texts,
    ...Object.fromEntries(Object.entries(texts).map(([key, text]) => [md5Hex(key), { [key]: text }])),
  },
}
