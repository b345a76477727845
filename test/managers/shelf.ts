import {
  defineManager,
  fetched,
  fetchedPath,
  notMine,
  onePullContainerEach,
  pullKeys,
  whyNotFetched,
  withoutExpansion,
} from 'flyte-webhook/manager'

/** Writes a text of the shelf to a file. */
const script = 'mkdir -p "${2%/*}"; held "$1" > "$2"'

/** A manager as an operator writes one: an init container fetches a file of a shelf. Tests copy this file to their own folders. */
// oxlint-disable-next-line import/no-default-export -- so a manager from outside is found
export default defineManager({
  name: 'Shelf',
  summary: 'files of a shelf, fetched by an init container',
  makes: 'files',
  reader: 'container',
  keys: {
    ...pullKeys('registry.example/shelf:1'),
    shelf: { kind: 'text', default: 'main', help: 'The shelf on which the secrets are.' },
  },
  follower: { webhooks: /shelf-login/, misses: 'the init containers get no login' },
  trial: () => ({ mount: 'FILE' }),
  create: ({ sidecarImage, resources, shelf }) => {
    const puller = { prefix: 'shelf', image: sidecarImage, resources, mountPath: '/shelf' }
    return {
      name: 'Shelf',
      resolve: (request, pod) => {
        const { group, key } = request
        if (group === '' || key === '') return notMine('it needs a group and a key')
        const path = fetchedPath(request, pod, group, key)
        if (path.kind === 'unusable') return notMine(whyNotFetched(request, pod) ?? path.why)
        const identity = `${shelf}/${group}/${key}`
        const command = [
          'sh',
          '-ec',
          withoutExpansion(script),
          'sh',
          withoutExpansion(identity),
          withoutExpansion(`${puller.mountPath}/${path.relative}`),
        ] as const
        return { kind: 'found', wants: fetched(request, path, { puller, identity, step: { command } }) }
      },
      pullContainers: (steps) => onePullContainerEach(puller, steps),
    }
  },
})
