import { federatedToken } from '../../consumers/images.ts'
import { type Ask, envFileTexts, texts, unfitByKey } from '../../consumers/secrets.ts'
import {
  both,
  envFileKeys,
  files,
  flytekitSecrets,
  type ManagerConsumer,
  unfitRows,
} from '../../consumers/ways.ts'

const azureVersion = (index: number): Ask => (index % 2 === 0 ? {} : { group_version: '0f3a' })

const uriOf = (key: string): Ask => ({ group: `https://kv.vault.azure.net/secrets/${key}` })

/**
 * https://learn.microsoft.com/cli/azure/reference-index#az-login,
 * https://learn.microsoft.com/cli/azure/keyvault/secret#az-keyvault-secret-show
 */
const az = `case "$1" in
  login) [ "$*" = 'login --service-principal -u client -t tenant --federated-token ${federatedToken}' ] ;;
  *)
    [ "$1 $2 $3 $4 $6 $7 $8 $9" = 'keyvault secret show --id --query value -o tsv' ]
    held "$5"
    echo
    ;;
esac`

export const consumer: ManagerConsumer = {
  ways: [
    {
      name: 'Azure',
      profiles: both,
      webhook: { secretManagerTypes: ['Azure'] },
      mounts: files,
      secrets: flytekitSecrets({
        from: () => 'file',
        fields: (key, index) => ({
          group: `https://kv.vault.azure.net/secrets/${key}`,
          ...azureVersion(index),
        }),
        ask: (key, index) => ({ group: key, ...azureVersion(index) }),
        textOf: (key) => `${texts[key]}\n`,
      }),
    },
    {
      name: 'Azure, variables',
      profiles: both,
      webhook: { secretManagerTypes: ['Azure'] },
      function: { envFiles: true },
      mounts: ['ENV_VAR'],
      secrets: flytekitSecrets({
        from: () => 'variable',
        keys: envFileKeys,
        fields: (key, index) => ({ ...uriOf(key), ...azureVersion(index) }),
        ask: uriOf,
      }),
    },
  ],
  missing: unfitRows('Azure, variables', uriOf),
  held: Object.fromEntries(
    Object.entries({ ...texts, ...envFileTexts, ...unfitByKey }).flatMap(([key, text]) => [
      [`https://kv.vault.azure.net/secrets/${key}/`, text],
      [`https://kv.vault.azure.net/secrets/${key}/0f3a`, text],
    ]),
  ),
  programs: { az },
}
