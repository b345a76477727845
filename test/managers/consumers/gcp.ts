import { type Ask, envFileTexts, texts, unfitByKey } from '../../consumers/secrets.ts'
import {
  both,
  envFileKeys,
  files,
  flyteSecrets,
  flytekitSecrets,
  type ManagerConsumer,
  onlyFlyte2,
  unfitRows,
} from '../../consumers/ways.ts'

/** Alternates between a resource name and a secret's name. */
const gcpAsk = (key: string, index: number): Ask => ({
  group: index % 2 === 0 ? `projects/p/secrets/${key}` : key,
  group_version: index % 2 === 0 ? '1' : 'latest',
})

const variableAsk = (key: string, index: number): Ask =>
  index % 2 === 0 ? { group: `projects/p/secrets/${key}`, group_version: '1' } : { group: key, key: 'k' }
const variables = { envFiles: true, gcp: { defaultVersion: 'latest' } }

/**
 * https://cloud.google.com/sdk/gcloud/reference/secrets/versions/access; only the file itself is private
 * (`googlecloudsdk/core/util/files.py`, `WriteBinaryFileContents`).
 */
const gcloud = `[ "$1 $2 $3" = 'secrets versions access' ]
version=$4 secret= file=
for option in "$@"; do
  case $option in
    --secret=*) secret=\${option#*=} ;;
    --out-file=*) file=\${option#*=} ;;
  esac
done
mkdir -p "\${file%/*}"
umask 077
held "\${secret:+$secret/versions/}$version" > "$file"`

export const consumer: ManagerConsumer = {
  ways: [
    {
      name: 'GCP',
      profiles: both,
      webhook: { secretManagerTypes: ['GCP'] },
      mounts: files,
      secrets: flytekitSecrets({
        from: () => 'file',
        fields: gcpAsk,
        ask: gcpAsk,
      }),
    },
    {
      name: 'GCP, variables',
      profiles: both,
      webhook: { secretManagerTypes: ['GCP'] },
      function: variables,
      mounts: ['ENV_VAR'],
      secrets: flytekitSecrets({
        from: () => 'variable',
        keys: envFileKeys,
        fields: variableAsk,
        ask: (key, index) => {
          const { group_version: _, ...ask } = variableAsk(key, index)
          return ask
        },
      }),
    },
    {
      name: 'GCP, Flyte 2 SDK without a group',
      profiles: onlyFlyte2,
      webhook: { secretManagerTypes: ['GCP'] },
      function: variables,
      mounts: ['ENV_VAR'],
      secrets: flyteSecrets(undefined, (key) => key, envFileKeys),
    },
  ],
  missing: [
    {
      name: 'GCP',
      mount: 'FILE',
      fields: { group: 'none', group_version: '1' },
      said: { pod: 'gcp-pull-secret-0 ended with 1' },
    },
    {
      name: 'GCP, variables',
      mount: 'ENV_VAR',
      fields: { group: 'none' },
      said: { pod: 'gcp-pull-secret-0 ended with 1' },
    },
    ...unfitRows('GCP, variables', (key) => ({ group: key })),
  ],
  held: Object.fromEntries(
    Object.entries({ ...texts, ...envFileTexts, ...unfitByKey }).flatMap(([key, text]) => [
      [`projects/p/secrets/${key}/versions/1`, text],
      [`${key}/versions/latest`, text],
    ]),
  ),
  programs: { gcloud },
}
