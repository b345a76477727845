import type * as sdk from './aws-sdk.ts'

export type AwsSdk = typeof sdk

/**
 * Loads the AWS SDK, only if a configuration needs it. In the bundle it is a separate file (`infra/build/bundle.ts`),
 * without any class of this project: `instanceof` and private fields do not work across files.
 */
export const loadAwsSdk = (): Promise<AwsSdk> => import('./aws-sdk.ts')
