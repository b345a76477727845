import { envFileTexts, texts, unfitByKey } from '../../consumers/secrets.ts'
import {
  both,
  envFileKeys,
  files,
  flyteSecrets,
  flytekitSecrets,
  groupAndKey,
  type ManagerConsumer,
  nonEmpty,
  onlyFlyte2,
  unfitRows,
} from '../../consumers/ways.ts'

const accountArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret'
const variables = { envFiles: true, aws: { fetcher: 'cli' } }
const envJsonKeys = envFileKeys.filter((key) => key !== 'env-long')
/** Alternates between separate secrets and keys of a JSON secret, and adds an earlier version. */
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
    {
      name: 'AWS, CLI, variables',
      profiles: both,
      webhook: { secretManagerTypes: ['AWS'] },
      function: variables,
      mounts: ['ENV_VAR'],
      secrets: flytekitSecrets({
        from: () => 'variable',
        keys: [...envFileKeys, ...envJsonKeys.map((key) => `env-json#${key}`)],
        fields: groupAndKey(accountArn),
        ask: groupAndKey(accountArn),
        textOf: (key) => envFileTexts[key.replace('env-json#', '')] ?? '',
      }),
    },
    {
      name: 'AWS, CLI, Flyte 2 SDK without a group',
      profiles: onlyFlyte2,
      webhook: { secretManagerTypes: ['AWS'] },
      function: variables,
      mounts: ['ENV_VAR'],
      secrets: flyteSecrets(undefined, (key) => key, envFileKeys),
    },
  ],
  missing: [
    {
      name: 'AWS, CLI',
      mount: 'FILE',
      fields: { group: accountArn, key: 'none' },
      said: { pod: 'ResourceNotFoundException' },
    },
    {
      name: 'AWS, CLI, variables',
      mount: 'ENV_VAR',
      fields: { group: accountArn, key: 'none' },
      said: { pod: 'ResourceNotFoundException' },
    },
    ...unfitRows('AWS, CLI, variables', (key) => ({ group: accountArn, key })),
  ],
  held: Object.fromEntries(Object.entries(texts).map(([key, text]) => [`${accountArn}:${key}`, text])),
  secretsManager: {
    ...Object.fromEntries(nonEmpty.map((key) => [key, [texts[key] ?? '']])),
    json: [JSON.stringify(Object.fromEntries(Object.entries(texts).filter(([key]) => key !== 'long')))],
    turned: ['first', 'second'],
    ...Object.fromEntries(
      Object.entries({ ...envFileTexts, ...unfitByKey }).map(([key, text]) => [key, [text]]),
    ),
    'env-json': [JSON.stringify(Object.fromEntries(envJsonKeys.map((key) => [key, envFileTexts[key]])))],
  },
  // https://github.com/aws-samples/aws-secret-sidecar-injector
  entrypoints: {
    'docker.io/amazon/aws-secrets-manager-secret-sidecar:v0.1.4': [
      'sh',
      '-ec',
      'mkdir -p "/tmp${SECRET_FILENAME%/*}"; held "$SECRET_ARN" > "/tmp$SECRET_FILENAME"',
    ],
  },
}
