import { texts } from '../../consumers/secrets.ts'
import {
  both,
  files,
  flytekitSecrets,
  groupAndKey,
  type ManagerConsumer,
  nonEmpty,
} from '../../consumers/ways.ts'

const accountArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret'
/** By turns a secret of its own and a key of a JSON secret, and an earlier version. */
const cliKeys = [...nonEmpty.map((key, index) => (index % 2 === 0 ? key : `json#${key}`)), 'turned']

export const consumer: ManagerConsumer = {
  ways: [
    {
      name: 'AWS, sidecar',
      profiles: both,
      webhook: { secretManagerTypes: ['AWS'] },
      mounts: files,
      secrets: flytekitSecrets({
        from: () => 'file',
        keys: nonEmpty,
        fields: groupAndKey(accountArn),
        ask: groupAndKey(accountArn),
      }),
    },
    {
      name: 'AWS, CLI',
      profiles: both,
      webhook: { secretManagerTypes: ['AWS'] },
      function: { aws: { fetcher: 'cli' } },
      mounts: files,
      secrets: flytekitSecrets({
        from: () => 'file',
        keys: cliKeys,
        fields: (key) => ({
          group: accountArn,
          key,
          ...(key === 'turned' ? { group_version: 'AWSPREVIOUS' } : {}),
        }),
        ask: groupAndKey(accountArn),
        textOf: (key) => (key === 'turned' ? 'first' : (texts[key.replace('json#', '')] ?? '')),
      }),
    },
  ],
  missing: [
    {
      name: 'AWS, CLI',
      mount: 'FILE',
      fields: { group: accountArn, key: 'none' },
      said: { pod: 'ResourceNotFoundException' },
    },
  ],
  held: Object.fromEntries(Object.entries(texts).map(([key, text]) => [`${accountArn}:${key}`, text])),
  secretsManager: {
    ...Object.fromEntries(nonEmpty.map((key) => [key, [texts[key] ?? '']])),
    json: [JSON.stringify(Object.fromEntries(Object.entries(texts).filter(([key]) => key !== 'long')))],
    turned: ['first', 'second'],
  },
}
