import type { SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager'
import type { Existence } from './existence.ts'

/** Asks AWS Secrets Manager whether a secret exists, with your own credentials (`DescribeSecret`, which returns no value). */
export const describeSecret = async (
  id: string,
  options: Pick<SecretsManagerClientConfig, 'region' | 'endpoint'>,
): Promise<Existence> => {
  const { DescribeSecretCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager')
  const client = new SecretsManagerClient(options)
  try {
    const { DeletedDate } = await client.send(new DescribeSecretCommand({ SecretId: id }))
    return DeletedDate === undefined
      ? { known: 'exists' }
      : { known: 'missing', why: `${id} is scheduled for deletion in Secrets Manager` }
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: '' }
    return name === 'ResourceNotFoundException'
      ? { known: 'missing', why: `Secrets Manager has no secret ${id}` }
      : { known: 'no answer', why: whyNoAnswer(id, name, message) }
  } finally {
    client.destroy()
  }
}

const whyNoAnswer = (id: string, name: string, message: string): string => {
  if (name === 'AccessDeniedException')
    return `your AWS credentials do not allow secretsmanager:DescribeSecret on ${id}`
  if (name === 'CredentialsProviderError') return 'no AWS credentials found'
  if (message === 'Region is missing') return 'the region is unknown: set AWS_REGION or function.aws.region'
  return `Secrets Manager did not describe ${id}: ${name}`
}
