import {
  defineManager,
  fetched,
  fetchedPath,
  needsGroupAndKey,
  notMine,
  onePullContainerEach,
  type Puller,
  pullKeys,
  scriptCommand,
  secretsDirectory,
} from 'flyte-webhook/manager'

const noImage =
  'function.managers.Confidant.sidecarImage is missing: name an image with the client of Confidant'

/**
 * Writes one credential: $1 is the service, $2 the key, $3 the file. The last program decides the status of the pipe, and fails
 * if the client found nothing.
 */
const script = `set -eu
mkdir -p "$(dirname "$3")"
confidant get_service --service="$1" | confidant-format --out-format credential_combined | python3 -c '
import json, sys
sys.stdout.buffer.write(json.load(sys.stdin)["credentials"][sys.argv[1]].encode())' "$2" > "$3"`

/**
 * Credentials of Lyft's Confidant, which its client fetches in an init container. The group is a service, the key one of its
 * credential pairs. Build your own image, with the client (pip install confidant-client, which needs Python) and its configuration
 * in /etc/confidant/config. The client authenticates through KMS with the pod's own identity. Sources:
 *
 * - github.com/lyft/confidant, docs/source/basics/client.html.markdown, "Using the Confidant client": the configuration,
 *   `confidant get_service --service …`, and `confidant-format`, to which its output is piped
 * - github.com/lyft/python-confidant-client, confidant_client/formatter.py: `--out-format credential_combined`
 * - github.com/lyft/confidant, docs/root/archive_announcement.md: its development ended in February 2025
 */
export default defineManager({
  name: 'Confidant',
  summary: "Lyft's Confidant, with its client in an init container",
  makes: 'files',
  reader: 'container',
  keys: {
    sidecarImage: {
      kind: 'optionalImage',
      help: 'An image with the client of Confidant and its configuration.',
    },
    resources: pullKeys('').resources,
  },
  notices: ({ sidecarImage }) =>
    sidecarImage === undefined
      ? [
          {
            key: 'sidecarImage',
            message: 'is missing: without an image with the client of Confidant, no secret is served',
          },
        ]
      : [],
  trial: ({ sidecarImage }) => (sidecarImage === undefined ? undefined : { mount: 'FILE' }),
  create: ({ sidecarImage, resources }) => {
    const puller: Puller = {
      prefix: 'confidant',
      image: sidecarImage ?? '',
      resources,
      mountPath: secretsDirectory,
    }
    return {
      name: 'Confidant',
      resolve(request, pod) {
        const { group: service, key } = request
        if (sidecarImage === undefined) return notMine(noImage)
        if (service === '' || key === '') return notMine(needsGroupAndKey)
        const path = fetchedPath(request, pod, service, key)
        if (path.kind === 'unusable') return notMine(path.why)
        const command = scriptCommand(script, [{ args: [service, key, path.absolute] }])
        const identity = JSON.stringify([service, key])
        return { kind: 'found', wants: fetched(request, path, { puller, identity, step: { command } }) }
      },
      pullContainers: (steps) => onePullContainerEach(puller, steps),
    }
  },
})
