import { type Ask, texts } from '../../consumers/secrets.ts'
import { both, files, flytekitSecrets, type ManagerConsumer } from '../../consumers/ways.ts'

/** By turns a resource and the name of a secret. */
const gcpAsk = (key: string, index: number): Ask => ({
  group: index % 2 === 0 ? `projects/p/secrets/${key}` : key,
  group_version: index % 2 === 0 ? '1' : 'latest',
})

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
  ],
  missing: [
    {
      name: 'GCP',
      mount: 'FILE',
      fields: { group: 'none', group_version: '1' },
      said: { pod: 'gcp-pull-secret-0 ended with 1' },
    },
  ],
  held: Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]) => [
      [`projects/p/secrets/${key}/versions/1`, text],
      [`${key}/versions/latest`, text],
    ]),
  ),
  programs: { gcloud },
}
