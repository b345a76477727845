import { defineManager, filesOrBoth, type Host } from '../manager-kit/definition.ts'
import { pullKeys } from '../manager-kit/pull-keys.ts'
import { needsGroup, type Reason } from '../manager-kit/reason.ts'
import { filePath, secretsDirectory } from '../request/names.ts'
import { notMine, type Resolution, type PureManager } from '../manager-kit/manager.ts'
import { variablesByCommand } from '../manager-kit/env-file.ts'
import {
  fetched,
  onePullContainerEach,
  type Puller,
  type PullOptions,
  whyNotFetched,
  withoutTrailing,
} from '../manager-kit/pull.ts'
import { withoutExpansion } from '../kubelet-expansion.ts'
import { insideDoubleQuotes, scriptWord } from '../manager-kit/shell.ts'

/** Azure Key Vault through `az` in an init container, one for each secret (specification §4.5). */
export const azure = defineManager({
  name: 'Azure',
  summary: 'Azure Key Vault, pulled by an init container with az',
  makes: filesOrBoth,
  reader: 'container',
  asks: {
    group: { means: 'URI of the secret', example: 'https://example.vault.azure.net/secrets/db-password' },
  },
  section: 'azureSecretManager',
  sectionHelp: 'The manager Azure: Key Vault, pulled by a container.',
  isOfFlyte2: true,
  keys: pullKeys('mcr.microsoft.com/azure-cli:cbl-mariner2.0'),
  trial: () => ({ mount: 'FILE' }),
  create: (options, host) => createAzure(options, host),
})

const noVersion = 'no secret has a version with a slash or a NUL'
const nulInUri = 'no secret has a URI with a NUL'

/** @public docs/troubleshooting.md is made from them. */
export const reasons: readonly Reason[] = [
  {
    says: [noVersion, nulInUri],
    why: 'A secret in Azure cannot have this name or version.',
    todo: 'Correct the group and the group_version.',
  },
]

/** Commands of the init container, which no user sees. @public test/messages */
export const unshown: readonly string[] = [
  'az login --service-principal -u $AZURE_CLIENT_ID -t $AZURE_TENANT_ID --federated-token "$(cat $AZURE_FEDERATED_TOKEN_FILE)"',
  'az keyvault secret show --id "<id>" --query "value" -o tsv > <file>',
  'mkdir -p <folder>; ',
]

/** Makes the manager. */
export const createAzure = (
  { sidecarImage, resources }: PullOptions,
  { envVarPrefix }: Pick<Host, 'envVarPrefix'>,
): PureManager => {
  const puller: Puller = { prefix: 'azure', image: sidecarImage, resources, mountPath: secretsDirectory }
  return {
    name: 'Azure',
    resolve(request, pod): Resolution {
      if (request.group === '') return notMine(needsGroup)
      if (/[/\0]/.test(request.groupVersion)) return notMine(noVersion)
      if (request.group.includes('\0')) return notMine(nulInUri)
      const why = whyNotFetched(request, pod)
      if (why !== undefined) return notMine(why)
      const uri = withoutTrailing(request.group, '/')
      const name = uri.slice(uri.lastIndexOf('/') + 1)
      const identity = JSON.stringify([uri, request.groupVersion])
      const id = `${uri}/${request.groupVersion}`
      if (request.mountRequirement === 'ENV_VAR') {
        const content = JSON.stringify([puller.prefix, identity])
        const written = { content, name: id, write: (file: string): string => valueCommand(id, file) }
        return { kind: 'found', wants: variablesByCommand(request, envVarPrefix, written) }
      }
      const directory = filePath(name)
      if (directory.kind === 'unusable') return notMine(directory.why)
      const path = filePath(name, request.groupVersion)
      if (path.kind === 'unusable') return notMine(path.why)
      const prepare = request.groupVersion === '' ? '' : `mkdir -p ${scriptWord(directory.absolute)}; `
      const show = showCommand(id, path.absolute)
      const step = { command: ['sh', '-ec', `${login}; ${prepare}${show}`] } as const
      return { kind: 'found', wants: fetched(request, path, { puller, identity, step }) }
    },
    pullContainers: (steps) => onePullContainerEach(puller, steps),
  }
}

/** Azure Workload Identity sets these variables in the init container; the kubelet does not expand `$NAME`. */
const login =
  'az login --service-principal -u $AZURE_CLIENT_ID -t $AZURE_TENANT_ID --federated-token "$(cat $AZURE_FEDERATED_TOKEN_FILE)"'

/** `az` adds a line end, which does not belong to the value, and drops characters that its encoding lacks. */
const valueCommand = (id: string, file: string): string => {
  const cut = `size=$(wc -c < ${file}.tsv)
tail -c 1 ${file}.tsv > ${file}
if [ "$(wc -l < ${file})" -eq 1 ]; then size=$((size - 1)); fi
head -c "$size" ${file}.tsv > ${file}
rm ${file}.tsv`
  return `export PYTHONUTF8=1\n${login}\n${showCommand(id, `${file}.tsv`)}\n${withoutExpansion(cut)}`
}

const showCommand = (id: string, file: string): string =>
  `az keyvault secret show --id "${withoutExpansion(insideDoubleQuotes(id))}" --query "value" -o tsv > ${scriptWord(file)}`
