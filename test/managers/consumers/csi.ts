import { texts } from '../../consumers/secrets.ts'
import { both, files, flytekitSecrets, groupAndKey, type ManagerConsumer } from '../../consumers/ways.ts'

export const consumer: ManagerConsumer = {
  ways: [
    {
      name: 'CSI',
      profiles: both,
      webhook: { secretManagerTypes: ['CSI'] },
      mounts: files,
      secrets: flytekitSecrets({
        from: () => 'file',
        fields: groupAndKey('csi-db'),
        ask: groupAndKey('csi-db'),
      }),
    },
  ],
  missing: [
    {
      name: 'CSI',
      mount: 'FILE',
      fields: { group: 'none', key: 'none' },
      said: { pod: 'FailedMount: there is no SecretProviderClass none' },
    },
  ],
  // A class reads from the Secret of the same name (`fillClass`).
  kubernetesSecrets: {
    'csi-db': Object.fromEntries(Object.entries(texts).map(([key, text]) => [key.toLowerCase(), text])),
  },
}
