/**
 * Loads the source of AWS Secrets Manager, and with it the AWS SDK: only where a configuration needs it. In the bundle
 * it is a file of its own (`infra/build/bundle.ts`).
 */
export const loadSecretsManager = () => import('./secrets-manager.ts')
