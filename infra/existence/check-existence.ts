import type { LoadedConfig } from '../config/config-file.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import type { CheckExistence } from './existence.ts'
import { checkSecrets } from './kubernetes-secrets.ts'
import { secretReferences } from './secret-references.ts'
import { describeSecret } from './secrets-manager.ts'

/**
 * Creates a check of the stores that a command can query: Kubernetes Secrets, whichever manager refers to them, and AWS Secrets
 * Manager. It calls `findCluster` only to look for a Secret.
 */
export const createExistenceCheck =
  (
    { config, definitions }: LoadedConfig,
    findCluster: () => Pick<Cluster, 'read' | 'readSecretMetadata'>,
  ): CheckExistence =>
  async ({ manager, request, wants }, namespace) => {
    const references = secretReferences(wants)
    if (references.length > 0) return checkSecrets(findCluster(), namespace, references)
    const secret = definitions.find(({ name }) => name === manager)?.secretsManagerSecret?.(request)
    if (secret === undefined) return { known: 'not checked', why: 'this command cannot query its store' }
    const { region, endpoint } = config.function.aws
    const chosen = secret.region === '' ? region : secret.region
    return describeSecret(secret.id, {
      ...(chosen === undefined ? {} : { region: chosen }),
      ...(endpoint === undefined ? {} : { endpoint }),
    })
  }
