import type * as sdk from './aws-sdk.ts'

export type AwsSdk = typeof sdk

/**
 * Loads the AWS SDK: only where a configuration needs it. In the bundle it is a file of its own (`infra/build/bundle.ts`),
 * without any class of this project: `instanceof` and private fields would not know those of another file.
 */
export const loadAwsSdk = (): Promise<AwsSdk> => import('./aws-sdk.ts')
