import { type Ask, texts } from '../../consumers/secrets.ts'
import { both, flytekitSecrets, type ManagerConsumer } from '../../consumers/ways.ts'

/** The groups, one for each store: the function's environment, its files, and one JSON secret of Secrets Manager. */
const globalGroups = ['conf', 'filed', 'app'] as const
const globalAsk = (key: string, index: number): Ask => ({
  group: globalGroups[index % globalGroups.length] ?? '',
  key,
})

const entries = Object.entries(texts)
const globalTexts = (group: (typeof globalGroups)[number]): readonly (readonly [string, string])[] =>
  entries.filter((_, index) => globalGroups[index % globalGroups.length] === group)

export const consumer: ManagerConsumer = {
  ways: [
    {
      name: 'Global',
      profiles: both,
      webhook: { secretManagerTypes: ['Global'] },
      function: {
        globalSecrets: { secretsManager: [{ secretId: 'json', group: 'app' }] },
        callers: { publicEndpoint: 'accepted' },
      },
      mounts: ['ANY', 'ENV_VAR'],
      secrets: flytekitSecrets({ from: () => 'variable', fields: globalAsk, ask: globalAsk }),
    },
  ],
  environment: Object.fromEntries(
    globalTexts('conf').map(([key, text]) => [`FLYTE_SECRET_CONF_${key.toUpperCase()}`, text]),
  ),
  files: Object.fromEntries(globalTexts('filed').map(([key, text]) => [`filed/${key}`, text])),
  // Secrets Manager does not accept an object with the long text.
  secretsManager: {
    json: [JSON.stringify(Object.fromEntries(entries.filter(([key]) => key !== 'long')))],
  },
}
